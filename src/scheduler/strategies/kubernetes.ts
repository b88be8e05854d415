import type { NodeTaint } from "../../api/kinds/node.ts";
import { matchesTerm } from "../filters/node-selector.ts";
import { tolerates } from "../filters/tolerations.ts";
import type { NodeView, PodView, Strategy } from "../strategy.ts";

/** Best a plugin can give. */
const MAX_SCORE = 100;

/** Weights of the default profile (kube-scheduler, apis/config/v1/default_plugins.go). */
const WEIGHT = { taintToleration: 3, nodeAffinity: 2, leastAllocated: 1, balancedAllocation: 1 } as const;

/**
 * The real scheduler's default profile, v1.34: plugins score 0 to 100, normalised over the candidates where the real
 * ones are, and the weighted sum decides; ties are broken at random. In large clusters only some nodes are compared.
 *
 * Not scored: ImageLocality (no images, so 0 everywhere), PodTopologySpread and InterPodAffinity.
 */
export const kubernetes: Strategy = {
  name: "kubernetes",
  summary: "the real scheduler's default weights",
  score: (pod, node) => scoreAll(pod, [node])[0] as number,
  scoreAll,
  enough: nodesToScore,
  ties: "random",
  explain: (pod, node) =>
    `LeastAllocated ${leastAllocated(pod, node)}, BalancedAllocation ${balancedAllocation(pod, node)}`,
};

function scoreAll(pod: PodView, nodes: readonly NodeView[]): Float64Array {
  const taints = nodes.map((node) => intolerableTaints(pod, node));
  const affinity = nodes.map((node) => preferredWeight(pod, node));
  const mostTaints = Math.max(...taints);
  const mostAffinity = Math.max(...affinity);
  return Float64Array.from(nodes, (node, at) => {
    // Few taints are better: turned round. Nobody has any: all get the best score.
    const taintScore = MAX_SCORE - scaled(taints[at] as number, mostTaints);
    const affinityScore = scaled(affinity[at] as number, mostAffinity);
    return (
      WEIGHT.taintToleration * taintScore +
      WEIGHT.nodeAffinity * affinityScore +
      WEIGHT.leastAllocated * leastAllocated(pod, node) +
      WEIGHT.balancedAllocation * balancedAllocation(pod, node)
    );
  });
}

/** How many feasible nodes are compared: all below 100; else 50 % less a 125th of the nodes, 5 % at least, 100 at least. */
function nodesToScore(nodesTotal: number): number {
  if (nodesTotal < 100) return nodesTotal;
  const percent = Math.max(5, 50 - Math.floor(nodesTotal / 125));
  return Math.max(100, Math.floor((nodesTotal * percent) / 100));
}

function scaled(count: number, most: number): number {
  return most === 0 ? 0 : Math.floor((MAX_SCORE * count) / most);
}

/** How many taints with effect PreferNoSchedule the pod does not tolerate. */
function intolerableTaints(pod: PodView, node: NodeView): number {
  if (node.taints.length === 0) return 0;
  const tolerations = pod.spec.tolerations ?? [];
  const isIntolerable = (taint: NodeTaint) =>
    taint.effect === "PreferNoSchedule" && !tolerates(tolerations, taint);
  return node.taints.filter(isIntolerable).length;
}

/** Sum of the weights of the preferred terms that match. */
function preferredWeight(pod: PodView, node: NodeView): number {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  if (terms === undefined) return 0;
  let sum = 0;
  for (const { weight, preference } of terms) if (matchesTerm(preference, node)) sum += weight;
  return sum;
}

/** NodeResourcesFit: mean over cpu and memory of the share left, counting at least 100m and 200Mi a container. */
function leastAllocated(pod: PodView, node: NodeView): number {
  let sum = 0;
  let resources = 0;
  for (const resource of ["cpu", "memory"] as const) {
    const capacity = node.allocatable[resource] as number;
    if (capacity === 0) continue;
    const used = node.nonZeroRequested[resource] + pod.nonZeroRequests[resource];
    sum += used > capacity ? 0 : Math.floor(((capacity - used) * MAX_SCORE) / capacity);
    resources++;
  }
  return resources === 0 ? 0 : Math.floor(sum / resources);
}

/** NodeResourcesBalancedAllocation: best where cpu and memory are used to the same share. */
function balancedAllocation(pod: PodView, node: NodeView): number {
  const cpu = usedShare(pod, node, "cpu");
  const memory = usedShare(pod, node, "memory");
  // The standard deviation of two numbers is half their distance, that of one is 0.
  const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2;
  return Math.floor((1 - deviation) * MAX_SCORE);
}

function usedShare(pod: PodView, node: NodeView, resource: "cpu" | "memory"): number | undefined {
  const capacity = node.allocatable[resource] as number;
  if (capacity === 0) return undefined;
  return Math.min(1, ((node.requested[resource] as number) + (pod.requests[resource] as number)) / capacity);
}
