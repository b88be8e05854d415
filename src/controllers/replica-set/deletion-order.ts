import type { Pod } from "../../api/kinds/pod.ts";
import { isReady, readySinceMs } from "../workloads/pod-readiness.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Sorts pods so that those whose loss hurts least come first (Kubernetes' ActivePodsWithRanks): unplaced before placed,
 * pending before running, not ready before ready, cheap before dear, from crowded nodes first, younger before older
 * (by orders of magnitude only, so that not always the youngest are hit), restarted before steady.
 * @param neighbours how many active pods of the same workload are on a node, itself included
 */
export function inDeletionOrder(
  pods: readonly Pod[],
  neighbours: ReadonlyMap<string, number>,
  nowMs: number,
): readonly Pod[] {
  return pods
    .map((pod) => ({ pod, key: keyOf(pod, neighbours, nowMs) }))
    .sort((left, right) => compare(left.key, right.key))
    .map(({ pod }) => pod);
}

/** How many active pods there are on each node. */
export function countByNode(pods: Iterable<Pod>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of pods) {
    if (spec.nodeName) counts.set(spec.nodeName, (counts.get(spec.nodeName) ?? 0) + 1);
  }
  return counts;
}

/** Smaller goes first, field by field. */
type Key = readonly (number | string)[];

function keyOf(pod: Pod, neighbours: ReadonlyMap<string, number>, nowMs: number): Key {
  const { nodeName } = pod.spec;
  const readyMs = readySinceMs(pod);
  return [
    nodeName ? 1 : 0,
    PHASE_RANK[pod.status.phase] ?? 2,
    isReady(pod) ? 1 : 0,
    deletionCost(pod),
    nodeName ? -(neighbours.get(nodeName) ?? 0) : 0,
    readyMs === undefined ? 0 : magnitude(nowMs - readyMs),
    -restartsOf(pod),
    magnitude(nowMs - Date.parse(pod.metadata.creationTimestamp)),
    pod.metadata.uid,
  ];
}

function compare(left: Key, right: Key): number {
  for (const [index, value] of left.entries()) {
    const other = right[index] as typeof value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** Age by powers of two, in nanoseconds as Kubernetes counts; 0 for none. */
function magnitude(ageMs: number): number {
  return ageMs <= 0 ? 0 : Math.floor(Math.log2(ageMs * 1e6));
}

function deletionCost({ metadata }: Pod): number {
  const cost = Number(metadata.annotations?.[DELETION_COST] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
}

function restartsOf({ status }: Pod): number {
  return Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}
