import type { Pod, PodAffinityTerm, TopologySpreadConstraint } from "../api/kinds/pod.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../api/label-selector.ts";
import type { NeighbourRules, NeighbourTerm, SpreadRule, WeightedTerm } from "./cache/neighbour-rules.ts";

/** What a pod wants of the pods around it; undefined when it does not say. */
export function neighbourRulesOf(pod: Pod): NeighbourRules | undefined {
  const { affinity, topologySpreadConstraints: constraints = [] } = pod.spec;
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  if (podAffinity === undefined && podAntiAffinity === undefined && constraints.length === 0)
    return undefined;
  const terms = (list: readonly PodAffinityTerm[] = []) => list.map((term) => termOf(pod, term));
  const weighted = (list: typeof podAffinity, sign: 1 | -1): WeightedTerm[] =>
    (list?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      term: termOf(pod, podAffinityTerm),
      weight: sign * weight,
    }));
  const spread = (action: string) =>
    constraints.filter((one) => one.whenUnsatisfiable === action).map((one) => spreadOf(pod, one));
  const rules = {
    affinity: terms(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    antiAffinity: terms(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: [...weighted(podAffinity, 1), ...weighted(podAntiAffinity, -1)],
    spread: spread("DoNotSchedule"),
    preferredSpread: spread("ScheduleAnyway"),
  };
  return { signature: JSON.stringify(rules), ...rules };
}

/** A term without namespaces is about the pod's own. */
function termOf(pod: Pod, term: PodAffinityTerm): NeighbourTerm {
  const { topologyKey, namespaces = [], namespaceSelector } = term;
  const isOwn = namespaces.length === 0 && namespaceSelector === undefined;
  const parts = {
    ...selectorPart(pod, term),
    namespaces: isOwn ? [pod.metadata.namespace ?? "default"] : [...namespaces].sort(),
    ...(namespaceSelector && { namespaceSelector }),
    topologyKey,
  };
  return { signature: JSON.stringify(parts), ...parts };
}

function spreadOf(pod: Pod, constraint: TopologySpreadConstraint): SpreadRule {
  const { maxSkew, topologyKey, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy } = constraint;
  const parts = {
    ...selectorPart(pod, constraint),
    namespaces: [pod.metadata.namespace ?? "default"],
    topologyKey,
    honoursAffinity: nodeAffinityPolicy !== "Ignore",
    honoursTaints: nodeTaintsPolicy === "Honor",
  };
  return { signature: JSON.stringify(parts), ...parts, maxSkew, minDomains };
}

type Keyed = Pick<PodAffinityTerm, "labelSelector" | "matchLabelKeys" | "mismatchLabelKeys">;

/** The selector, narrowed to pods that share the pod's own values of some labels, and differ in those of others. */
function selectorPart(pod: Pod, keyed: Keyed): { readonly selector?: LabelSelector } {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = keyed;
  if (labelSelector === undefined) return {};
  const labels = pod.metadata.labels ?? {};
  const own =
    (operator: "In" | "NotIn") =>
    (key: string): LabelSelectorRequirement[] =>
      Object.hasOwn(labels, key) ? [{ key, operator, values: [labels[key] as string] }] : [];
  const added = [...matchLabelKeys.flatMap(own("In")), ...mismatchLabelKeys.flatMap(own("NotIn"))];
  if (added.length === 0) return { selector: labelSelector };
  const matchExpressions = [...(labelSelector.matchExpressions ?? []), ...added];
  return { selector: { ...labelSelector, matchExpressions } };
}
