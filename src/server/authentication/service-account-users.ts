import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { nodes } from "../../api/kinds/node.ts";
import { pods } from "../../api/kinds/pod.ts";
import { secrets } from "../../api/kinds/secret.ts";
import { serviceAccounts } from "../../api/kinds/service-account.ts";
import type { KubeObject, ObjectKey } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import type { NamedByUid, TokenClaims, TokenSigner } from "../../api/token-signer.ts";
import { serviceAccountGroups, serviceAccountUsername, type User } from "../../api/user.ts";
import type { Clock } from "../../clock/clock.ts";

/** A token that holds: whose it is and for whom. */
export interface HeldToken {
  readonly user: User;
  readonly audiences: readonly string[];
}

/** Finds out whose a service account's token is; undefined when it is none, or does not hold any more. */
export type TokenReader = (token: string) => Promise<HeldToken | undefined>;

/** Signatures are checked once; as many tokens are remembered. */
const REMEMBERED_MAX = 1_024;

/**
 * Reads tokens as kube-apiserver does: signed by the cluster's key, not expired, and the service account (and the pod
 * or other object it is bound to) still there with the same uid.
 */
export function tokenReader(objects: Objects, clock: Clock, signer: TokenSigner): TokenReader {
  const remembered = new Map<string, TokenClaims>();
  const read = (token: string): TokenClaims | undefined => {
    const known = remembered.get(token);
    if (known !== undefined) return known;
    const claims = signer.read(token);
    if (claims === undefined) return undefined;
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(token, claims);
    return claims;
  };
  return async (token) => {
    const claims = read(token);
    if (claims === undefined) return undefined;
    const seconds = clock.now() / 1_000;
    if (seconds >= claims.exp || seconds < Math.floor(claims.nbf)) return undefined;
    const about = claims["kubernetes.io"];
    const { namespace, serviceaccount, pod, secret, node } = about;
    const isThere = async (kind: Kind, key: ObjectKey, { uid }: NamedByUid) =>
      (await find(objects, kind, key))?.metadata.uid === uid;
    const bound: readonly (readonly [unknown, NamedByUid | undefined, string | undefined])[] = [
      [serviceAccounts, serviceaccount, namespace],
      [pods, pod, namespace],
      [secrets, secret, namespace],
      [nodes, pod === undefined ? node : undefined, undefined],
    ];
    for (const [kind, named, within] of bound) {
      if (named === undefined) continue;
      const key = within === undefined ? { name: named.name } : { namespace: within, name: named.name };
      if (!(await isThere(kind as Kind, key, named))) return undefined;
    }
    return { user: userOf(claims), audiences: claims.aud };
  };
}

function userOf(claims: TokenClaims): User {
  const { namespace, serviceaccount, pod, node } = claims["kubernetes.io"];
  const extra: Record<string, readonly string[]> = {};
  const tell = (name: string, value: string | undefined) => {
    if (value !== undefined) extra[`authentication.kubernetes.io/${name}`] = [value];
  };
  tell("credential-id", claims.jti === undefined ? undefined : `JTI=${claims.jti}`);
  tell("node-name", node?.name);
  tell("node-uid", node?.uid);
  tell("pod-name", pod?.name);
  tell("pod-uid", pod?.uid);
  return {
    username: serviceAccountUsername(namespace, serviceaccount.name),
    uid: serviceaccount.uid,
    groups: serviceAccountGroups(namespace),
    extra,
  };
}

async function find(objects: Objects, kind: Kind, key: ObjectKey): Promise<KubeObject | undefined> {
  try {
    return await objects.get(kind, key);
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
