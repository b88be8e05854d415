import type { Condition } from "./conditions/condition.ts";

/** What a chaos run is to do. Made by `validateChaosOptions`; plain JSON data, recorded in `run-started`. */
export interface ChaosOptions {
  /** How long faults are injected, from the first tick to the final healing. */
  readonly durationMs: number;
  readonly tickMs: number;
  /** Chance per tick that an up node fails. */
  readonly failureProbability: number;
  /** Chance per tick that a node this run failed recovers; drawn before the failures. */
  readonly recoveryProbability: number;
  /** Absent: the engine draws one and tells it in `run-started`. */
  readonly seed?: string;
  /** Which faults, and how often relative to each other. */
  readonly faults: readonly FaultWeight[];
  /** Only nodes with these labels. */
  readonly labelSelector?: string;
  /** Only nodes whose whole name matches (see name-pattern.ts). */
  readonly nodePattern?: string;
  /** Names of nodes that are never chosen. */
  readonly exclude: readonly string[];
  /** At most so many of the nodes in scope are down at once. */
  readonly maxDown?: Limit;
  /** At least so many nodes of the whole cluster stay up. */
  readonly minUp?: Limit;
  /** Hypotheses: what must hold while nodes fail. */
  readonly steady: readonly Condition[];
  /** What ends the run at once. */
  readonly abort: readonly Condition[];
  readonly checkMode: CheckMode;
  /** Watches the cluster for so long before the first tick. */
  readonly startAfterMs: number;
  /** After the final healing, waits at most so long for nodes and pods to come back. */
  readonly settleMs: number;
  /** Tells at once what would be done, and does nothing. */
  readonly dryRun: boolean;
}

export interface FaultWeight {
  readonly name: string;
  readonly weight: number;
}

/** A number of nodes, or a percentage of them. */
export type Limit = { readonly count: number } | { readonly percent: number };

/** When steady conditions are checked (names as in Litmus); the text is for help and errors. */
export const CHECK_MODES = {
  continuous: "all the time, before, during and after chaos",
  onchaos: "while nodes fail",
  edge: "before and after",
  sot: "before",
  eot: "after",
} as const;

export type CheckMode = keyof typeof CHECK_MODES;

/** What is used when a flag is absent; the first four are the seed program's own. */
export const CHAOS_DEFAULTS = {
  duration: "300",
  failureProb: "0.2",
  recoveryProb: "0.3",
  tick: "5s",
  fault: "node-crash",
  checkMode: "continuous",
  startAfter: "0s",
  settle: "30s",
} as const;
