import type { ChaosOptions } from "./options.ts";

/**
 * Everything observable of a chaos run, in the order it was seen. One JSON line each makes `run.jsonl`; live view,
 * checks and report are computed from these alone.
 */
export type ChaosEvent = Stamp & ChaosHappening;

export interface Stamp {
  /** Milliseconds since the run began. */
  readonly t: number;
  /** Wall time, RFC 3339 with milliseconds. */
  readonly at: string;
}

export type ChaosHappening = RunHappening | FaultHappening | NodeHappening | PodHappening | CheckHappening;

/** `waiting` before the first tick, `chaos` while the dice roll, `healing`, then `settling` until all is back. */
export type RunPhase = "waiting" | "chaos" | "healing" | "settling";

/**
 * How a run ended; `failed`: it could not go on, or not heal; `refused`: the steady state did not hold before chaos
 * began.
 */
export type RunStatus = "completed" | "aborted" | "interrupted" | "failed" | "refused" | "dry-run";

/** The cluster's timing, as far as the report needs it. */
export interface Timing {
  readonly profile: string;
  readonly heartbeatMs: number;
  readonly graceMs: number;
  readonly checkMs: number;
  readonly reschedulesBarePods: boolean;
}

export type RunHappening =
  | {
      readonly type: "run-started";
      readonly schemaVersion: 1;
      readonly runId: string;
      readonly seed: string;
      readonly options: ChaosOptions;
      readonly timing?: Timing;
      readonly strategy?: string;
    }
  | { readonly type: "leftovers-healed"; readonly faults: number }
  | { readonly type: "phase"; readonly phase: RunPhase }
  | {
      readonly type: "tick";
      /** From 0. */
      readonly tick: number;
      /** Nodes in scope that are in the run's hands: up, or down by this run. */
      readonly candidates: number;
      /** Names of nodes in scope that the dice could not touch: down by something else. */
      readonly outOfReach: readonly string[];
      readonly recoveries: number;
      readonly failures: number;
      /** Failures that --max-down or --min-up held back. */
      readonly heldBack: number;
    }
  | { readonly type: "strategy-changed"; readonly strategy: string }
  /** What a scenario wanted at this time could not be done: there is no such node any more, or none is left. */
  | { readonly type: "event-not-applied"; readonly event: string; readonly reason: string }
  | { readonly type: "write-failed"; readonly what: string; readonly message: string }
  | {
      readonly type: "run-ended";
      readonly status: RunStatus;
      /** The abort condition, or what went wrong. */
      readonly reason?: string;
      /** False when faults could not be removed in time: `kubesim chaos heal` is needed. */
      readonly healed: boolean;
    };

export type FaultHappening =
  | { readonly type: "fault-planned"; readonly node: string; readonly fault: string; readonly tick: number }
  | { readonly type: "recovery-planned"; readonly node: string; readonly tick: number }
  | {
      readonly type: "fault-injected";
      /** Name of the NodeFault. */
      readonly id: string;
      readonly node: string;
      readonly fault: string;
      readonly origin: string;
      readonly losesPods: boolean;
    }
  /** The node's agent wrote that it obeyed. */
  | { readonly type: "fault-obeyed"; readonly id: string; readonly node: string; readonly injectedAt: string }
  | { readonly type: "node-healed"; readonly id: string; readonly node: string; readonly cause: HealCause };

/** `recovered`: the dice said so; `run-end`: final healing; `elsewhere`: by somebody else. */
export type HealCause = "recovered" | "run-end" | "elsewhere";

export type NodeHappening =
  | {
      /** At the start of the run for every node, later for new ones. */
      readonly type: "node-added";
      readonly node: string;
      /** Absent: nobody has reported yet. */
      readonly ready?: boolean;
      readonly inScope: boolean;
      /** In scheduler units: cpu in milli, memory in bytes. */
      readonly allocatable: Amounts;
    }
  | {
      readonly type: "node-changed";
      readonly node: string;
      readonly inScope: boolean;
      readonly allocatable: Amounts;
    }
  | { readonly type: "node-removed"; readonly node: string }
  | { readonly type: "node-not-ready"; readonly node: string; readonly reason: string }
  | { readonly type: "node-ready"; readonly node: string };

export type Amounts = Readonly<Record<string, number>>;

interface AboutPod {
  /** `namespace/name`. */
  readonly pod: string;
  readonly uid: string;
}

export type PodHappening =
  | (AboutPod & {
      /** At the start of the run for every pod, later for new and re-created ones. */
      readonly type: "pod-added";
      readonly phase: string;
      readonly node?: string;
      readonly requests: Amounts;
      /** `Kind/name` of its controller. */
      readonly owner?: string;
      /** False when nobody re-creates it after its node is lost. */
      readonly rescheduled: boolean;
      readonly unschedulable?: true;
      readonly terminating?: true;
    })
  | (AboutPod & {
      readonly type: "pod-bound";
      readonly node: string;
      /** Indexes of the node's GPUs that it was given; absent: it wants none. */
      readonly devices?: readonly number[];
    })
  /** Became Running, or its containers were started anew. */
  | (AboutPod & { readonly type: "pod-running"; readonly node: string })
  | (AboutPod & { readonly type: "pod-phase"; readonly phase: string })
  | (AboutPod & { readonly type: "pod-restarted"; readonly restarts: number })
  | (AboutPod & { readonly type: "pod-unschedulable" })
  /** Taken off its node because the node is lost. */
  | (AboutPod & { readonly type: "pod-evicted"; readonly node: string })
  | (AboutPod & { readonly type: "pod-terminating" })
  | (AboutPod & { readonly type: "pod-removed" });

export type CheckRole = "steady" | "abort";

export type CheckHappening =
  | {
      /** A steady condition was looked at, as the check mode asks. */
      readonly type: "check";
      readonly condition: string;
      readonly moment: "start" | "tick" | "end";
      readonly holds: boolean;
      /** A count, or a percentage. */
      readonly value: number;
    }
  | {
      readonly type: "condition-changed";
      readonly role: CheckRole;
      readonly condition: string;
      readonly holds: boolean;
      readonly value: number;
    };
