import type { Kind } from "./kind.ts";
import type { Pod } from "./kinds/pod.ts";
import { qosClassOf } from "./kinds/pod-qos.ts";
import type { QuotaScope, ResourceQuota } from "./kinds/resource-quota.ts";
import type { KubeObject } from "./meta.ts";

/** What a quota asks of the pods that it counts: `spec.scopes` and `spec.scopeSelector` together. */
export function scopesOf({ spec }: ResourceQuota): readonly QuotaScope[] {
  const plain = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" }));
  return [...plain, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

/** Whether a quota counts the object. One with scopes counts pods only. */
export function isInScope(
  quota: ResourceQuota,
  kind: Pick<Kind, "group" | "plural">,
  object: KubeObject,
): boolean {
  const scopes = scopesOf(quota);
  if (scopes.length === 0) return true;
  if (kind.group !== "" || kind.plural !== "pods") return false;
  return scopes.every((scope) => MATCHES[scope.scopeName]?.(object as Pod, scope) ?? false);
}

const isTerminating = ({ spec }: Pod) => spec.activeDeadlineSeconds !== undefined;
const isBestEffort = ({ spec }: Pod) => qosClassOf(spec) === "BestEffort";

const MATCHES: Readonly<Record<string, (pod: Pod, scope: QuotaScope) => boolean>> = {
  Terminating: isTerminating,
  NotTerminating: (pod) => !isTerminating(pod),
  BestEffort: isBestEffort,
  NotBestEffort: (pod) => !isBestEffort(pod),
  PriorityClass: hasPriorityClass,
  CrossNamespacePodAffinity: reachesOtherNamespaces,
};

function hasPriorityClass({ spec }: Pod, { operator, values = [] }: QuotaScope): boolean {
  const name = spec.priorityClassName ?? "";
  if (operator === "Exists") return name !== "";
  if (operator === "DoesNotExist") return name === "";
  const isNamed = name !== "" && values.includes(name);
  return operator === "In" ? isNamed : !isNamed;
}

function reachesOtherNamespaces({ spec: { affinity = {} } }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = affinity;
  return [podAffinity, podAntiAffinity].some((rules) => {
    const required = rules?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const preferred = rules?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const terms = [...required, ...preferred.map(({ podAffinityTerm }) => podAffinityTerm)];
    return terms.some((term) => (term.namespaces?.length ?? 0) > 0 || term.namespaceSelector !== undefined);
  });
}
