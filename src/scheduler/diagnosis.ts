import type { ClusterState } from "./cache/cluster-state.ts";
import type { NodeEntry } from "./cache/node-entry.ts";
import type { PodShape } from "./cache/pod-shape.ts";
import type { NodeCheck } from "./filters/node-checks.ts";
import type { CountedRefusals } from "./filters/refusal-counts.ts";
import { staticRefusal } from "./filters/registry.ts";
import { type ReasonCount, unschedulableMessage } from "./messages.ts";
import type { PodInfo } from "./pod-info.ts";

/** Why pods of one shape fit nowhere, at one moment. */
export interface Diagnosis {
  /** The state's generation that it is about. */
  readonly generation: number;
  readonly nodesTotal: number;
  /** Most frequent first. */
  readonly reasons: readonly ReasonCount[];
  readonly largestFree: readonly LargestFree[];
  /** The text of event and condition. */
  readonly message: string;
}

/** Where most of a resource is free, among the nodes that the pod may use (among all when there are none). */
export interface LargestFree {
  readonly resource: string;
  readonly nodeName: string;
  readonly free: number;
}

/**
 * Finds out why every node refuses a pod: by counting where that is known, else by asking them all, in O(nodes).
 * @param check the filters for this pod
 * @param preemption what preemption says to it
 */
export function diagnose(
  state: ClusterState,
  pod: PodInfo,
  check: NodeCheck,
  preemption: () => string,
): Diagnosis {
  const { shape } = pod;
  const { reasons: counts, roomiest } = check.counted() ?? askAll(state, shape, check);
  const reasons = [...counts].map(([reason, count]) => ({ reason, nodes: count }));
  reasons.sort((a, b) => b.nodes - a.nodes || (a.reason < b.reason ? -1 : 1));
  return {
    generation: state.generation,
    nodesTotal: state.nodesTotal,
    reasons,
    largestFree: largestFree(state, shape, roomiest),
    message: unschedulableMessage(state.nodesTotal, reasons, preemption(), check.upfront),
  };
}

type Roomiest = CountedRefusals["roomiest"];

function askAll(
  state: ClusterState,
  shape: PodShape,
  check: NodeCheck,
): Pick<CountedRefusals, "reasons" | "roomiest"> {
  const reasons = new Map<string, number>();
  const usable: NodeEntry[] = [];
  for (const node of state.nodes) {
    if (node === undefined) continue;
    if (staticRefusal(shape, node) === undefined) usable.push(node);
    for (const reason of check.refusal(node)?.reasons ?? [])
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return { reasons, roomiest: (at) => roomiestOf(usable, shape, at) };
}

function largestFree(state: ClusterState, shape: PodShape, roomiest: Roomiest): LargestFree[] {
  return shape.resources.flatMap((resource, at) => {
    if ((shape.amounts[at] as number) <= 0) return [];
    const node = roomiest(at) ?? roomiestOf(state.nodes, shape, at);
    return node === undefined ? [] : [{ resource, nodeName: node.name, free: node.room(shape, at) }];
  });
}

/** The first of those that have most. */
function roomiestOf(
  nodes: readonly (NodeEntry | undefined)[],
  shape: PodShape,
  at: number,
): NodeEntry | undefined {
  let most: NodeEntry | undefined;
  let mostFree = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    const free = node?.room(shape, at) ?? Number.NEGATIVE_INFINITY;
    if (free <= mostFree) continue;
    most = node;
    mostFree = free;
  }
  return most;
}
