import { ApiError, isReason, qualifiedResource } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import {
  clusterRoleBindings,
  clusterRoles,
  type PolicyRule,
  type Role,
  type RoleBinding,
  roleBindings,
  roles,
} from "../../api/kinds/rbac.ts";
import { type Draft, type KubeObject, keyOf, type ObjectKey } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import type { User } from "../../api/user.ts";
import { type Authorizer, isMaster } from "./authorizer.ts";
import { quoted, rulesText, uncovered } from "./rules.ts";

const ROLE_SCHEMAS = new Set([roles.schema, clusterRoles.schema]);
const BINDING_SCHEMAS = new Set([roleBindings.schema, clusterRoleBindings.schema]);

/**
 * The objects as a user may write them: nobody gives away what they do not have themselves, unless they may `escalate`
 * the role or `bind` it (pkg/registry/rbac). Masters get the very same objects.
 */
export function guardedObjects(objects: Objects, user: User, authorizer: Authorizer): Objects {
  if (isMaster(user)) return objects;
  const check = (kind: Kind, object: Draft<KubeObject>) => checkGrant(kind, object, user, authorizer);
  // An apply creates what is not there, which is a right of its own.
  const mayCreate = ({ group, version, plural }: Kind, { namespace = "", name }: ObjectKey) =>
    authorizer.require(user, {
      verb: "create",
      group,
      version,
      resource: plural,
      subresource: "",
      namespace,
      name,
    });
  const isRbac = (schema: string) => ROLE_SCHEMAS.has(schema) || BINDING_SCHEMAS.has(schema);
  return {
    get: (kind, key) => objects.get(kind, key),
    list: (kind, options) => objects.list(kind, options),
    watch: (kind, options, observer) => objects.watch(kind, options, observer),
    delete: (kind, key, options) => objects.delete(kind, key, options),
    act: (kind, key, action, body, options) => objects.act(kind, key, action, body, options),
    async create(kind, object, options) {
      if (isRbac(kind.schema)) {
        await check(
          kind as unknown as Kind,
          await objects.create(kind, object, { ...options, dryRun: true }),
        );
      }
      return objects.create(kind, object, options);
    },
    async update(kind, object, options) {
      if (isRbac(kind.schema)) {
        const before = await objects.get(kind, keyOf(object));
        const after = await objects.update(kind, object, { ...options, dryRun: true });
        if (grants(before) !== grants(after)) await check(kind as unknown as Kind, after);
      }
      return objects.update(kind, object, options);
    },
    async patch(kind, key, patch, options) {
      const before = patch.type === "apply" ? await there(objects, kind, key) : undefined;
      if (patch.type === "apply" && before === undefined) await mayCreate(kind as unknown as Kind, key);
      if (!isRbac(kind.schema)) return objects.patch(kind, key, patch, options);
      const current = before ?? (await there(objects, kind, key));
      const after = await objects.patch(kind, key, patch, { ...options, dryRun: true });
      const isSame = current !== undefined && grants(current) === grants(after);
      if (!isSame) await check(kind as unknown as Kind, after);
      if (isSame || patch.type === "apply") return objects.patch(kind, key, patch, options);
      // What has been checked is what is written: another change in between makes a conflict.
      return objects.update(kind, after, options);
    },
  };
}

/** The object, or undefined when there is none. */
async function there<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  key: ObjectKey,
): Promise<T | undefined> {
  try {
    return await objects.get(kind, key);
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}

/** What counts for the check; labels and the like may be changed by anybody who may write. */
function grants(object: KubeObject): string {
  const { rules, roleRef, subjects, aggregationRule } = object as Role & RoleBinding;
  return JSON.stringify([rules, roleRef, subjects, aggregationRule]);
}

async function checkGrant(
  kind: Kind,
  object: Draft<KubeObject>,
  user: User,
  authorizer: Authorizer,
): Promise<void> {
  const { namespace = "" } = object.metadata;
  if (ROLE_SCHEMAS.has(kind.schema)) {
    const { rules = [], aggregationRule } = object as Role;
    if (await may(authorizer, user, "escalate", kind, namespace, object.metadata.name ?? "")) return;
    const wanted = aggregationRule === undefined ? rules : [...rules, ...ALL_RULES];
    return refuseUncovered(kind, object, user, authorizer, wanted);
  }
  const { roleRef } = object as unknown as RoleBinding;
  const role = roleRef.kind === "ClusterRole" ? clusterRoles : roles;
  if (await may(authorizer, user, "bind", role, namespace, roleRef.name)) return;
  const wanted = await authorizer.rulesOfRole(roleRef, namespace);
  if (wanted === undefined) {
    const { group, plural } = role;
    const message = `${qualifiedResource(role)} ${JSON.stringify(roleRef.name)} not found`;
    throw new ApiError("NotFound", message, { name: roleRef.name, group, kind: plural });
  }
  return refuseUncovered(kind, object, user, authorizer, wanted);
}

/** An aggregated role may become anything. */
const ALL_RULES: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

async function may(
  authorizer: Authorizer,
  user: User,
  verb: string,
  { group, version, plural }: Pick<Kind, "group" | "version" | "plural">,
  namespace: string,
  name: string,
): Promise<boolean> {
  const what = { verb, group, version, resource: plural, subresource: "", namespace, name };
  return (await authorizer.decide(user, what)).allowed;
}

async function refuseUncovered(
  kind: Kind,
  object: Draft<KubeObject>,
  user: User,
  authorizer: Authorizer,
  wanted: readonly PolicyRule[],
): Promise<void> {
  const { name = "", namespace = "" } = object.metadata;
  const beyond = uncovered(await authorizer.rulesFor(user, namespace), wanted);
  if (beyond.length === 0) return;
  const who = `user ${JSON.stringify(user.username)} (groups=${quoted(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${rulesText(beyond)}`;
  const message = `${qualifiedResource(kind)} ${JSON.stringify(name)} is forbidden: ${why}`;
  throw new ApiError("Forbidden", message, { name, group: kind.group, kind: kind.plural });
}
