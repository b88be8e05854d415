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
  const extra = extraOf(request);
  return async (caller, authorizer) => {
    const account = serviceAccountOf(username);
    const asked: Partial<ResourceAttributes>[] = [
      account === undefined
        ? { resource: "users", name: username }
        : { resource: "serviceaccounts", name: account.name, namespace: account.namespace },
      ...given.map((name) => ({ resource: "groups", name })),
    ];
    if (uid !== undefined) asked.push({ group: "authentication.k8s.io", resource: "uids", name: uid });
    for (const [key, values] of Object.entries(extra)) {
      for (const name of values) asked.push({ ...USER_EXTRAS, subresource: key, name });
    }
    for (const one of asked) await authorizer.require(caller, { ...IMPERSONATE, ...one });
    const ofAccount = account && given.length === 0 ? serviceAccountGroups(account.namespace) : [];
    const all = username === ANONYMOUS ? Group.unauthenticated : Group.authenticated;
    const groups = [...new Set([...given, ...ofAccount, all])];
    const hasExtra = Object.keys(extra).length > 0;
    return { username, ...(uid !== undefined && { uid }), groups, ...(hasExtra && { extra }) };
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

const USER_EXTRAS = { group: "authentication.k8s.io", resource: "userextras" } as const;
const EXTRA_PREFIX = "impersonate-extra-";

/** `Impersonate-Extra-KEY: VALUE`, any number of them; keys are percent-encoded and in lower case. */
function extraOf(request: ApiRequest): Readonly<Record<string, readonly string[]>> {
  const extra = new Map<string, string[]>();
  for (const [name, value] of request.headersFrom(EXTRA_PREFIX)) {
    const key = decodedKey(name.slice(EXTRA_PREFIX.length)).toLowerCase();
    extra.set(key, [...(extra.get(key) ?? []), value]);
  }
  return Object.fromEntries(extra);
}

/** What is not encoded well is taken as it stands, as kube-apiserver does. */
function decodedKey(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Headers of one name arrive as one, joined by commas; names of groups have none in them. */
function groupsOf(header: string | undefined): readonly string[] {
  return (header ?? "").split(",").flatMap((group) => group.trim() || []);
}
