import { Group, serviceAccountGroups, serviceAccountOf, type User } from "../../api/user.ts";
import type { ResourceAttributes } from "../authorization/attributes.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import type { ApiRequest } from "../request.ts";

const ANONYMOUS = "system:anonymous";

/**
 * Whom a request wants to act as (`kubectl --as`): a check that gives the user, or fails with Forbidden when the
 * caller may not `impersonate` them. Undefined when it acts for itself.
 */
export function impersonated(
  request: ApiRequest,
): ((caller: User, authorizer: Authorizer) => Promise<User>) | undefined {
  const username = request.header("impersonate-user");
  if (username === undefined) return undefined;
  const uid = request.header("impersonate-uid");
  const given = groupsOf(request.header("impersonate-group"));
  return async (caller, authorizer) => {
    const account = serviceAccountOf(username);
    const asked: Partial<ResourceAttributes>[] = [
      account === undefined
        ? { resource: "users", name: username }
        : { resource: "serviceaccounts", name: account.name, namespace: account.namespace },
      ...given.map((name) => ({ resource: "groups", name })),
    ];
    if (uid !== undefined) asked.push({ group: "authentication.k8s.io", resource: "uids", name: uid });
    for (const one of asked) await authorizer.require(caller, { ...IMPERSONATE, ...one });
    const ofAccount = account && given.length === 0 ? serviceAccountGroups(account.namespace) : [];
    const all = username === ANONYMOUS ? Group.unauthenticated : Group.authenticated;
    const groups = [...new Set([...given, ...ofAccount, all])];
    return { username, ...(uid !== undefined && { uid }), groups };
  };
}

const IMPERSONATE: ResourceAttributes = {
  verb: "impersonate",
  group: "",
  resource: "",
  subresource: "",
  namespace: "",
  name: "",
};

/** Headers of one name arrive as one, joined by commas; names of groups have none in them. */
function groupsOf(header: string | undefined): readonly string[] {
  return (header ?? "").split(",").flatMap((group) => group.trim() || []);
}
