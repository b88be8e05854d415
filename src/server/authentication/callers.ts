import { ApiError, badRequest } from "../../api/errors.ts";
import type { Objects } from "../../api/objects.ts";
import type { TokenSigner } from "../../api/token-signer.ts";
import { Group, type User } from "../../api/user.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { ApiRequest } from "../request.ts";
import { impersonated } from "./impersonation.ts";
import { type TokenReader, tokenReader } from "./service-account-users.ts";

/** Whoever holds the cluster's own token, or is let in without one. */
export const MASTER_USER: User = Object.freeze({
  username: "kubernetes-admin",
  groups: [Group.masters, Group.authenticated],
});

/** Who makes requests. */
export interface Callers {
  /** The user behind a request, at once for the cluster's own token. Fails with Unauthorized, or Forbidden (--as). */
  of(request: ApiRequest): User | Promise<User>;
  /** What any token means; undefined where it means nothing. */
  readonly read: TokenReader;
}

interface CallersOptions {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly authorizer: Authorizer;
  /** Whether the request carries the cluster's own token, or none is asked for. */
  readonly isOwn: (request: ApiRequest) => boolean;
  /** Absent: service accounts have no tokens. */
  readonly tokens?: TokenSigner | undefined;
  /** Whom a token must be for to be let in here. */
  readonly audience: string;
}

/** Finds out who makes requests: by the cluster's own token, or a service account's; then by whom they act as. */
export function createCallers(options: CallersOptions): Callers {
  const { objects, clock, authorizer, isOwn, tokens, audience } = options;
  const read: TokenReader =
    tokens === undefined ? async () => undefined : tokenReader(objects, clock, tokens);
  const serviceAccount = async (request: ApiRequest): Promise<User> => {
    const token = bearerOf(request);
    const held = token === undefined ? undefined : await read(token);
    if (held === undefined || !held.audiences.includes(audience)) throw unauthorized();
    return held.user;
  };
  const acting = async (request: ApiRequest, user: User | Promise<User>): Promise<User> => {
    const asked = impersonated(request);
    return asked === undefined ? user : asked(await user, authorizer);
  };
  return {
    read,
    of(request) {
      const user = isOwn(request) ? MASTER_USER : serviceAccount(request);
      return isActing(request) ? acting(request, user) : user;
    },
  };
}

function isActing(request: ApiRequest): boolean {
  if (request.header("impersonate-user") !== undefined) return true;
  const hasOthers = ["impersonate-group", "impersonate-uid"].some(
    (name) => request.header(name) !== undefined,
  );
  if (!hasOthers && request.headersFrom("impersonate-extra-").length === 0) return false;
  throw badRequest("requested groups, uid or extra without impersonating a user");
}

function bearerOf(request: ApiRequest): string | undefined {
  const header = request.header("authorization");
  return header !== undefined && /^bearer /i.test(header) ? header.slice("bearer ".length).trim() : undefined;
}

function unauthorized(): ApiError {
  return new ApiError("Unauthorized", "Unauthorized");
}
