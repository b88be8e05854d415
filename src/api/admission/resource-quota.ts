import { ApiError, qualifiedResource } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { configMaps } from "../kinds/config-map.ts";
import { cronJobs } from "../kinds/cron-job.ts";
import { daemonSets } from "../kinds/daemon-set.ts";
import { deployments } from "../kinds/deployment.ts";
import { events } from "../kinds/event.ts";
import { jobs } from "../kinds/job.ts";
import { persistentVolumeClaims } from "../kinds/persistent-volume-claim.ts";
import { type Container, type Pod, pods } from "../kinds/pod.ts";
import { replicaSets } from "../kinds/replica-set.ts";
import { replicationControllers } from "../kinds/replication-controller.ts";
import { type ResourceQuota, resourceQuotas } from "../kinds/resource-quota.ts";
import { secrets } from "../kinds/secret.ts";
import { services } from "../kinds/service.ts";
import { serviceAccounts } from "../kinds/service-account.ts";
import { statefulSets } from "../kinds/stateful-set.ts";
import { type KubeObject, keyOf } from "../meta.ts";
import { isInScope } from "../quota-scopes.ts";
import { hardAmount, type Usage, usageOf, usageText } from "../quota-usage.ts";
import type { Admission, Lookup } from "./admission.ts";

/** What quotas count by other names than `count/`; that way they count every kind. */
export const QUOTA_KINDS: readonly Kind[] = [
  pods,
  services,
  persistentVolumeClaims,
  configMaps,
  secrets,
  serviceAccounts,
  resourceQuotas,
  replicationControllers,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
] as unknown as readonly Kind[];

/** Of these a change may cost more than before; all others cost what they are created with. */
const CHANGEABLE = new Set(["Service", "PersistentVolumeClaim"]);

const COMPUTE = /^(requests\.|limits\.)|^(cpu|memory|ephemeral-storage|hugepages-.*)$/;
/** With one of these in a quota every container must say how much it wants. */
const REQUIRED = /^((requests|limits)\.)?(cpu|memory)$/;

/** Refuses what a namespace's quotas do not leave room for, counting what is stored now. */
export const resourceQuota: Admission = {
  name: "ResourceQuota",
  kinds: "all",
  last: true,
  admit(object, { kind, lookup }) {
    // A pod that is moved takes the place of one of its name, and costs only what it needs more.
    if (lookup.count(resourceQuotas) === 0) return object;
    const replaced = object.kind === pods.kind ? lookup.get(pods, keyOf(object)) : undefined;
    if (kind.namespaced && kind.schema !== events.schema) checkAll(kind, object, replaced, lookup);
    return object;
  },
  admitChange(object, old, { kind, lookup }) {
    if (CHANGEABLE.has(object.kind)) checkAll(kind, object, old, lookup);
    return object;
  },
};

/** How much of each of a quota's resources its namespace has: one look at every one of these kinds that it counts. */
export function usedOf({ list }: Pick<Lookup, "list">, quota: ResourceQuota, kinds = QUOTA_KINDS): Usage {
  const hard = Object.keys(quota.spec.hard ?? {});
  const used = Object.fromEntries(hard.map((resource) => [resource, 0]));
  for (const kind of kinds) {
    const counted = hard.filter((resource) => mayCost(kind, resource));
    if (counted.length === 0) continue;
    for (const object of list(kind, quota.metadata.namespace)) {
      if (!isInScope(quota, kind, object)) continue;
      const usage = usageOf(kind, object);
      for (const resource of counted) used[resource] = (used[resource] ?? 0) + (usage[resource] ?? 0);
    }
  }
  return used;
}

/** The kinds of these, and not of those above, that a quota names in `count/`. */
export function countedKinds(
  { spec: { hard = {} } }: ResourceQuota,
  kinds: readonly Kind[],
): readonly Kind[] {
  return kinds.filter((kind) => {
    const isNamed = kind.namespaced && hard[`count/${qualifiedResource(kind)}`] !== undefined;
    return isNamed && !QUOTA_KINDS.some(({ schema }) => schema === kind.schema);
  });
}

function mayCost(kind: Kind, resource: string): boolean {
  if (resource.startsWith("count/")) return resource === `count/${qualifiedResource(kind)}`;
  if (kind.group !== "") return false;
  if (resource === kind.plural || resource.startsWith(`${kind.plural}.`)) return true;
  const isStorage = resource === "requests.storage" || resource.includes(".storageclass.storage.k8s.io/");
  if (isStorage) return kind.plural === "persistentvolumeclaims";
  return kind.plural === "pods" && COMPUTE.test(resource);
}

function checkAll(kind: Kind, object: KubeObject, old: KubeObject | undefined, lookup: Lookup): void {
  if (lookup.count(resourceQuotas) === 0) return;
  for (const quota of lookup.list(resourceQuotas, object.metadata.namespace)) {
    if (!isInScope(quota, kind, object)) continue;
    if (kind.schema === pods.schema) checkSaid(object as Pod, quota);
    checkRoom(kind, object, old, quota, lookup);
  }
}

function checkRoom(
  kind: Kind,
  object: KubeObject,
  old: KubeObject | undefined,
  quota: ResourceQuota,
  lookup: Lookup,
): void {
  const { hard = {} } = quota.spec;
  const cost = usageOf(kind, object);
  const before = old === undefined ? {} : usageOf(kind, old);
  const more = (resource: string) => (cost[resource] ?? 0) - (before[resource] ?? 0);
  const wanted = Object.keys(hard).filter((resource) => more(resource) > 0);
  if (wanted.length === 0) return;
  const used = usedOf(lookup, quota, QUOTA_KINDS.includes(kind) ? QUOTA_KINDS : [kind]);
  const exceeded = wanted
    .filter(
      (resource) => (used[resource] ?? 0) + more(resource) > hardAmount(resource, hard[resource] as string),
    )
    .sort();
  if (exceeded.length === 0) return;
  const each = (amount: (resource: string) => string) =>
    exceeded.map((one) => `${one}=${amount(one)}`).join(",");
  const why =
    `exceeded quota: ${quota.metadata.name}, requested: ${each((one) => usageText(one, more(one)))}, ` +
    `used: ${each((one) => usageText(one, used[one] ?? 0))}, limited: ${each((one) => hard[one] as string)}`;
  throw refused(kind, object, why);
}

/** A quota of cpu or memory wants every container to say how much of it it needs. */
function checkSaid(pod: Pod, { metadata, spec }: ResourceQuota): void {
  const required = Object.keys(spec.hard ?? {}).filter((resource) => REQUIRED.test(resource));
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const missing = required.sort().flatMap((resource) => {
    const silent = containers.filter((container) => !says(container, resource)).map(({ name }) => name);
    return silent.length === 0 ? [] : `${resource} for: ${[...new Set(silent)].sort().join(",")}`;
  });
  if (missing.length === 0) return;
  throw refused(
    pods as unknown as Kind,
    pod,
    `failed quota: ${metadata.name}: must specify ${missing.join("; ")}`,
  );
}

function says({ resources = {} }: Container, resource: string): boolean {
  const { requests = {}, limits = {} } = resources;
  if (resource.startsWith("limits.")) return limits[resource.slice("limits.".length)] !== undefined;
  return requests[resource.replace("requests.", "")] !== undefined;
}

function refused(kind: Kind, { metadata: { name } }: KubeObject, why: string): ApiError {
  const details = { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural };
  return new ApiError("Forbidden", `${qualifiedResource(kind)} "${name}" is forbidden: ${why}`, details);
}
