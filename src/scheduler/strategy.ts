import type { Random } from "../lib/random.ts";

/**
 * How a node is chosen among those that pass every filter. A plain object; one file in strategies/, one line in
 * registry.ts. A user's own file has the same shape as its default export and needs only `name` and `score`.
 */
export interface Strategy {
  readonly name: string;
  readonly summary: string;
  /** Higher is better; the node created first wins a tie. Pure, so that a run can be repeated. */
  readonly score: (pod: PodView, node: NodeView, context: ScoreContext) => number;
}

/** What a strategy sees of the pod. Quantities in scheduler units: cpu in milli, memory in bytes, others as counts. */
export interface PodView {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly requests: Readonly<Record<string, number>>;
}

/** What a strategy sees of a node, before the pod is placed. */
export interface NodeView {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Place in order of creation, from 0. */
  readonly index: number;
  readonly allocatable: Readonly<Record<string, number>>;
  /** Sum of the requests of the pods on it. */
  readonly requested: Readonly<Record<string, number>>;
  readonly podCount: number;
}

export interface ScoreContext {
  readonly random: Random;
  /** How many placements have been made before, for strategies that take turns. */
  readonly placements: number;
  readonly nodesTotal: number;
}
