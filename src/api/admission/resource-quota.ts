import { ApiError, qualifiedResource } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { configMaps } from "../kinds/config-map.ts";
import { deployments } from "../kinds/deployment.ts";
import { jobs } from "../kinds/job.ts";
import { pods } from "../kinds/pod.ts";
import { replicaSets } from "../kinds/replica-set.ts";
import { type ResourceQuota, resourceQuotas } from "../kinds/resource-quota.ts";
import { secrets } from "../kinds/secret.ts";
import { services } from "../kinds/service.ts";
import type { KubeObject } from "../meta.ts";
import { hardAmount, usageOf, usageText } from "../quota-usage.ts";
import type { Admission, Lookup } from "./admission.ts";

/** What quotas count. */
export const QUOTA_KINDS: readonly Kind[] = [
  pods,
  services,
  configMaps,
  secrets,
  deployments,
  replicaSets,
  jobs,
] as unknown as readonly Kind[];

const COMPUTE = /^(requests\.|limits\.)|^(cpu|memory|ephemeral-storage)$/;

/** Refuses what a namespace's quotas do not leave room for, counting what is stored now. */
export const resourceQuota: Admission = {
  name: "ResourceQuota",
  summary: "refuses objects for which the namespace's quotas leave no room",
  kinds: QUOTA_KINDS.map(({ schema }) => schema),
  admit(object, { lookup }) {
    if (lookup.count(resourceQuotas) === 0) return object;
    const kind = QUOTA_KINDS.find((one) => one.kind === object.kind);
    if (kind === undefined) return object;
    for (const quota of lookup.list(resourceQuotas, object.metadata.namespace)) {
      check(kind, object, quota, lookup);
    }
    return object;
  },
};

/** How much of a resource a namespace has, over all kinds that quotas count. */
export function usedIn(
  lookup: Pick<Lookup, "list">,
  namespace: string | undefined,
  resource: string,
): number {
  let used = 0;
  for (const kind of QUOTA_KINDS) {
    if (!mayCost(kind, resource)) continue;
    for (const object of lookup.list(kind, namespace)) used += usageOf(kind, object)[resource] ?? 0;
  }
  return used;
}

function mayCost(kind: Kind, resource: string): boolean {
  if (resource.startsWith("count/")) return resource === `count/${qualifiedResource(kind)}`;
  if (COMPUTE.test(resource)) return kind.plural === "pods";
  return resource === kind.plural || resource.startsWith(`${kind.plural}.`);
}

function check(kind: Kind, object: KubeObject, quota: ResourceQuota, lookup: Lookup): void {
  const { hard = {} } = quota.spec;
  const cost = usageOf(kind, object);
  const asked: string[] = [];
  const used: string[] = [];
  const limited: string[] = [];
  const missing: string[] = [];
  for (const resource of Object.keys(hard).sort()) {
    const amount = cost[resource];
    if (amount === undefined && kind.plural === "pods" && COMPUTE.test(resource)) missing.push(resource);
    if (amount === undefined) continue;
    const before = usedIn(lookup, object.metadata.namespace, resource);
    if (before + amount <= hardAmount(resource, hard[resource] as string)) continue;
    asked.push(`${resource}=${usageText(resource, amount)}`);
    used.push(`${resource}=${usageText(resource, before)}`);
    limited.push(`${resource}=${hard[resource]}`);
  }
  if (missing.length > 0) {
    throw refused(kind, object, `failed quota: ${quota.metadata.name}: must specify ${missing.join(",")}`);
  }
  if (asked.length === 0) return;
  const why = `exceeded quota: ${quota.metadata.name}, requested: ${asked}, used: ${used}, limited: ${limited}`;
  throw refused(kind, object, why);
}

function refused(kind: Kind, { metadata: { name } }: KubeObject, why: string): ApiError {
  const details = { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural };
  return new ApiError("Forbidden", `${qualifiedResource(kind)} "${name}" is forbidden: ${why}`, details);
}
