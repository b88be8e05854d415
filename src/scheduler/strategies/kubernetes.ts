import type { NodeTaint } from "../../api/kinds/node.ts";
import type { NodeAffinity } from "../../api/kinds/pod.ts";
import { matchesTerm } from "../../api/node-selector.ts";
import { tolerates } from "../../api/tolerations.ts";
import { affinityScores, spreadScores, type Wishes } from "../neighbours/wishes.ts";
import type { NodeView, PodView, ScoreContext, Strategy } from "../strategy.ts";

/** Best a plugin can give. */
const MAX_SCORE = 100;

/** Weights of the default profile (kube-scheduler, apis/config/v1/default_plugins.go). */
const WEIGHT = {
  taintToleration: 3,
  nodeAffinity: 2,
  podTopologySpread: 2,
  interPodAffinity: 2,
  leastAllocated: 1,
  balancedAllocation: 1,
} as const;

/**
 * The real scheduler's default profile, v1.34: plugins score 0 to 100, normalised over the candidates where the real
 * ones are, and the weighted sum decides; ties are broken at random. In large clusters only some nodes are compared.
 *
 * Not scored: ImageLocality (no images, so 0 everywhere).
 */
export const kubernetes: Strategy = {
  name: "kubernetes",
  summary: "the real scheduler's default weights",
  score: (pod, node, context) => scoreAll(pod, [node], context)[0] as number,
  scoreAll,
  enough: nodesToScore,
  ties: "random",
  explain: (pod, node) =>
    `LeastAllocated ${leastAllocated(pod, node)}, BalancedAllocation ${balancedAllocation(pod, node)}`,
};

function scoreAll(pod: PodView, nodes: readonly NodeView[], { wishesOf }: ScoreContext): Float64Array {
  const scores = each(
    nodes,
    (node) =>
      WEIGHT.leastAllocated * leastAllocated(pod, node) +
      WEIGHT.balancedAllocation * balancedAllocation(pod, node),
  );
  addTaintScores(scores, pod, nodes);
  addAffinityScores(scores, pod, nodes);
  const wishes = wishesOf?.(pod);
  if (wishes !== undefined) addWishes(scores, wishes, nodes);
  return scores;
}

function addWishes(scores: Float64Array, wishes: Wishes, nodes: readonly NodeView[]): void {
  const affinity = wishes.terms.length === 0 ? undefined : affinityScores(wishes, nodes);
  const spread = wishes.spreads.length === 0 ? undefined : spreadScores(wishes, nodes);
  for (let at = 0; at < scores.length; at++) {
    const more = WEIGHT.interPodAffinity * (affinity?.[at] ?? 0);
    const evenly = WEIGHT.podTopologySpread * (spread?.[at] ?? 0);
    scores[at] = (scores[at] as number) + more + evenly;
  }
}

/** Few taints are better: turned round. When nobody has any, all get the best score, which decides nothing. */
function addTaintScores(scores: Float64Array, pod: PodView, nodes: readonly NodeView[]): void {
  const counts = each(nodes, (node) => intolerableTaints(pod, node));
  const most = largest(counts);
  for (let at = 0; at < counts.length; at++) {
    const score = MAX_SCORE - scaled(counts[at] as number, most);
    scores[at] = (scores[at] as number) + WEIGHT.taintToleration * score;
  }
}

function addAffinityScores(scores: Float64Array, pod: PodView, nodes: readonly NodeView[]): void {
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  if (terms === undefined || terms.length === 0) return;
  const weights = each(nodes, (node) => matchedWeight(terms, node));
  const most = largest(weights);
  for (let at = 0; at < weights.length; at++) {
    const score = scaled(weights[at] as number, most);
    scores[at] = (scores[at] as number) + WEIGHT.nodeAffinity * score;
  }
}

/** 5 % of 16,000 nodes. Kubernetes' rule never asks for more below that size, and it is built for 5,000 nodes. */
const MOST_TO_SCORE = 800;

/**
 * How many feasible nodes are compared: all below 100; else 50 - nodes/125 percent, at least 5 % and at least 100.
 * Beyond 16,000 nodes kubesim stops at 800, so that a placement does not cost in proportion to the cluster.
 */
function nodesToScore(nodesTotal: number): number {
  if (nodesTotal < 100) return nodesTotal;
  const percent = Math.max(5, 50 - Math.floor(nodesTotal / 125));
  return Math.min(MOST_TO_SCORE, Math.max(100, Math.floor((nodesTotal * percent) / 100)));
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

type PreferredTerms = NonNullable<NodeAffinity["preferredDuringSchedulingIgnoredDuringExecution"]>;

/** Sum of the weights of the preferred terms that match. */
function matchedWeight(terms: PreferredTerms, node: NodeView): number {
  let sum = 0;
  for (const { weight, preference } of terms) if (matchesTerm(preference, node)) sum += weight;
  return sum;
}

/** NodeResourcesFit: mean over cpu and memory of the share left, counting at least 100m and 200Mi a container. */
function leastAllocated({ nonZeroRequests }: PodView, { allocatable, nonZeroRequested }: NodeView): number {
  const cpu = leftScore(nonZeroRequested.cpu + nonZeroRequests.cpu, allocatable.cpu as number);
  const memory = leftScore(nonZeroRequested.memory + nonZeroRequests.memory, allocatable.memory as number);
  if (cpu === undefined || memory === undefined) return cpu ?? memory ?? 0;
  return Math.floor((cpu + memory) / 2);
}

/** Undefined for a resource that the node does not have. */
function leftScore(used: number, capacity: number): number | undefined {
  if (capacity === 0) return undefined;
  return used > capacity ? 0 : Math.floor(((capacity - used) * MAX_SCORE) / capacity);
}

/** NodeResourcesBalancedAllocation: best where cpu and memory are used to the same share. */
function balancedAllocation({ requests }: PodView, { allocatable, requested }: NodeView): number {
  // A pod that asks for nothing would make a crowd on the best balanced node: it is not scored.
  if (requests.cpu === 0 && requests.memory === 0) return 0;
  const cpu = usedShare((requested.cpu as number) + (requests.cpu as number), allocatable.cpu as number);
  const memory = usedShare(
    (requested.memory as number) + (requests.memory as number),
    allocatable.memory as number,
  );
  // The standard deviation of two numbers is half their distance, that of one is 0.
  const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2;
  return Math.floor((1 - deviation) * MAX_SCORE);
}

function usedShare(used: number, capacity: number): number | undefined {
  return capacity === 0 ? undefined : Math.min(1, used / capacity);
}

/** Faster than `Float64Array.from`, and this is where the strategy spends its time. */
function each(nodes: readonly NodeView[], score: (node: NodeView) => number): Float64Array {
  const scores = new Float64Array(nodes.length);
  for (let at = 0; at < nodes.length; at++) scores[at] = score(nodes[at] as NodeView);
  return scores;
}

function largest(numbers: Float64Array): number {
  let most = 0;
  for (let at = 0; at < numbers.length; at++) most = Math.max(most, numbers[at] as number);
  return most;
}
