import { ApiError, type FieldError, invalid, isReason } from "../errors.ts";
import { invalidValue } from "../field-errors.ts";
import type { Action, ActionContext, Kind } from "../kind.ts";
import { type KubeObject, timestamp } from "../meta.ts";
import { conformObject } from "../schema/conform-object.ts";
import { type NamedByUid, TOKEN_ISSUER, type TokenClaims } from "../token-signer.ts";
import { serviceAccountUsername } from "../user.ts";
import { nodes } from "./node.ts";
import { pods } from "./pod.ts";
import { secrets } from "./secret.ts";

const TOKEN_REQUEST = {
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenRequest",
  plural: "tokenrequests",
  schema: "io.k8s.api.authentication.v1.TokenRequest",
} as const;

/** authentication.k8s.io/v1 TokenRequest: the body of `serviceaccounts/token`, and with `status` its answer. */
interface TokenRequest {
  readonly metadata?: object;
  readonly spec?: {
    readonly audiences?: readonly string[];
    readonly expirationSeconds?: number;
    readonly boundObjectRef?: BoundObjectReference;
  };
}

interface BoundObjectReference {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly name?: string;
  readonly uid?: string;
}

const EXPIRATION_SECONDS = 3_600;
const SHORTEST_SECONDS = 600;
const LONGEST_SECONDS = 2 ** 32;
const BOUND_KINDS: readonly Kind[] = [pods, secrets, nodes] as unknown as readonly Kind[];

/** `serviceaccounts/token`: makes a token for a service account, for a while and for some audiences. */
export function tokenAction(accounts: () => Kind): Action {
  return { ...TOKEN_REQUEST, run: (context) => issueToken(accounts(), context) };
}

async function issueToken(accounts: Kind, context: ActionContext): Promise<unknown> {
  const { objects, namespace = "", name, body, tokens } = context;
  if (tokens === undefined)
    throw new ApiError("NotFound", "the server could not find the requested resource");
  const { spec = {}, metadata }: TokenRequest = conformObject(TOKEN_REQUEST, body as object, {});
  const account = await objects.get(accounts, { namespace, name });
  const { audiences = [TOKEN_ISSUER], expirationSeconds = EXPIRATION_SECONDS, boundObjectRef } = spec;
  checkExpiration(expirationSeconds);
  const bound = boundObjectRef && (await boundTo(context, account, boundObjectRef));
  const seconds = Math.floor(context.now() / 1_000);
  const claims: TokenClaims = {
    iss: TOKEN_ISSUER,
    sub: serviceAccountUsername(namespace, name),
    aud: audiences.length === 0 ? [TOKEN_ISSUER] : audiences,
    iat: seconds,
    nbf: seconds,
    exp: seconds + expirationSeconds,
    "kubernetes.io": { namespace, serviceaccount: { name, uid: account.metadata.uid }, ...bound },
  };
  return {
    kind: TOKEN_REQUEST.kind,
    apiVersion: `${TOKEN_REQUEST.group}/${TOKEN_REQUEST.version}`,
    metadata: { ...metadata, name, namespace, creationTimestamp: timestamp(context.now()) },
    spec: { audiences: claims.aud, expirationSeconds, boundObjectRef: boundObjectRef ?? null },
    status: { token: tokens.sign(claims), expirationTimestamp: timestamp(claims.exp * 1_000) },
  };
}

function checkExpiration(seconds: number): void {
  const field = "spec.expirationSeconds";
  const errors: FieldError[] = [];
  if (seconds < SHORTEST_SECONDS) {
    errors.push(invalidValue(field, seconds, "may not specify a duration less than 10 minutes"));
  }
  if (seconds > LONGEST_SECONDS) {
    errors.push(invalidValue(field, seconds, "may not specify a duration larger than 2^32 seconds"));
  }
  if (errors.length > 0) throw invalid(TOKEN_REQUEST, "", errors);
}

/** The claims of what a token is bound to; it ends with that object. */
async function boundTo(
  { objects, namespace = "" }: ActionContext,
  account: KubeObject,
  { kind: kindName, apiVersion, name = "", uid }: BoundObjectReference,
): Promise<Partial<TokenClaims["kubernetes.io"]>> {
  const kind = BOUND_KINDS.find((each) => each.kind === kindName && apiVersion === each.version);
  if (kind === undefined) {
    const type = `${apiVersion?.includes("/") ? "" : "/"}${apiVersion ?? ""}, Kind=${kindName ?? ""}`;
    throw new ApiError("BadRequest", `cannot bind token for object of type ${JSON.stringify(type)}`);
  }
  const object = await objects.get(kind, kind.namespaced ? { namespace, name } : { name });
  if (uid && object.metadata.uid !== uid) {
    const message =
      `the UID in the bound object reference (${uid}) does not match the UID in record. ` +
      "The object might have been deleted and then recreated";
    throw new ApiError("Conflict", `Operation cannot be fulfilled on ${kind.plural} "${name}": ${message}`);
  }
  const named: NamedByUid = { name, uid: object.metadata.uid };
  if (kind.kind !== pods.kind) return { [kind.kind.toLowerCase()]: named };
  const { serviceAccountName, nodeName } = (object as KubeObject & { spec: Record<string, string> }).spec;
  if ((serviceAccountName ?? "default") !== account.metadata.name) {
    const whose = `serviceaccount ${JSON.stringify(account.metadata.name)}`;
    const message = `cannot bind token for ${whose} to pod running with different serviceaccount name.`;
    throw new ApiError("BadRequest", message);
  }
  const node = nodeName === undefined ? undefined : await nodeClaim(objects, nodeName);
  return { pod: named, ...(node && { node }) };
}

async function nodeClaim(objects: ActionContext["objects"], name: string): Promise<NamedByUid | undefined> {
  try {
    return { name, uid: (await objects.get(nodes, { name })).metadata.uid };
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
