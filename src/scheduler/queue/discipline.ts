import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodInfo } from "../pod-info.ts";

/**
 * What a pod that fits nowhere means for those behind it in the queue. One file in disciplines/, one line in its
 * registry.
 */
export interface QueueDiscipline {
  readonly name: string;
  /** True: every pass begins with the first of all pods that wait, not only with those that something has woken. */
  readonly startsAtHead: boolean;
  /** A line of its own for every scheduler. */
  start(state: ClusterState): Line;
}

/** The queue as a discipline sees it. Times are monotonic milliseconds. */
export interface Line {
  /** A pod was given a node. */
  placed(pod: PodInfo, node: NodeEntry, nowMs: number): void;
  /**
   * The pod fits nowhere: who of those behind it may still go in this pass? Asked of the first that does not fit only;
   * `undefined`: nobody.
   */
  behind(pod: PodInfo, nowMs: number): Overtaking | undefined;
}

/** Who may overtake. */
export interface Overtaking {
  /** How long a pod of this pod's demands may run at most to overtake now, by taking room on this node. */
  longestRunMs(pod: PodInfo, node: NodeEntry, nowMs: number): number;
  /** A pod has overtaken. */
  overtook(pod: PodInfo, node: NodeEntry, nowMs: number): void;
}
