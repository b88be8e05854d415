import type { HealCause, RunStatus, Timing } from "../events.ts";
import type { ChaosOptions } from "../options.ts";

/**
 * What a chaos run did, computed from its events alone. Times are milliseconds since the run began, durations
 * milliseconds, shares 0 to 1. `report.json` is this object; `schemaVersion` rises when a field changes its meaning.
 */
export interface ChaosReport {
  readonly schemaVersion: 1;
  readonly run: RunSummary;
  readonly verdict: Verdict;
  readonly faults: FaultTotals;
  /** MTTD: from injection to the first Ready != True, over detected faults. */
  readonly detection: Distribution | null;
  readonly serviceRecovery: ServiceRecovery;
  readonly nodeRecovery: NodeRecovery;
  readonly availability: Availability;
  readonly pods: PodTotals;
  /** NotReady written while the node was up. */
  readonly falsePositives: number;
  /** Must all hold; one that does not is a fault of kubesim, not of the experiment. */
  readonly invariants: readonly Invariant[];
  readonly checks: readonly CheckResult[];
  /** 0 to 100: share of checks passed, weighted (critical 3, warning 1); null without checks. */
  readonly resilienceScore: number | null;
  readonly expectation: ExpectationReport;
  readonly faultRecords: readonly FaultRecord[];
  readonly timeline: Timeline;
}

export interface RunSummary {
  readonly runId: string;
  readonly seed: string;
  /** `unfinished`: the events end before the run did (kill -9). */
  readonly status: RunStatus | "unfinished";
  readonly reason?: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationMs: number;
  /** From the first tick to the healing; availability is measured over it. */
  readonly chaosMs: number;
  readonly ticks: number;
  readonly healed: boolean;
  readonly timing: Timing | null;
  readonly strategies: readonly string[];
  readonly options: ChaosOptions;
}

/** In order of weight: an invariant outweighs a deviation. */
export type Verdict =
  | "invariant-violated"
  | "failed"
  | "interrupted"
  | "aborted"
  | "deviated"
  | "held"
  | "dry-run";

export interface FaultTotals {
  readonly injected: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Injected by somebody else meanwhile; counted in all figures but the comparison. */
  readonly foreign: number;
  /** By the dice. */
  readonly recovered: number;
  readonly healedAtEnd: number;
  readonly healedElsewhere: number;
  readonly detected: number;
  /** Healed before anybody noticed. */
  readonly undetected: number;
  /** Hit nodes that were still shown as not ready from the fault before. */
  readonly whileNotReady: number;
  /** Failures that --max-down or --min-up held back. */
  readonly heldBack: number;
}

export interface Distribution {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** MTTR(service): from the injection until the evicted pod, or the one in its place, runs again. */
export interface ServiceRecovery {
  readonly recovered: Distribution | null;
  /** Evicted and not Running again by the end of the run. */
  readonly never: number;
}

/** MTTR(node): from the injection until the node is healed and Ready again. */
export interface NodeRecovery {
  readonly recovered: Distribution | null;
  readonly never: number;
  /** Up node-time per failure; null without a failure. */
  readonly meanTimeBetweenFailuresMs: number | null;
}

/** Shares of the time from the first tick to the healing; null of nothing. */
export interface Availability {
  /** Up node-seconds by the faults that acted. */
  readonly nodes: number | null;
  /** Ready node-seconds by what the API showed. */
  readonly nodesObserved: number | null;
  /** Observed minus true: how much too rosy the API's picture was. */
  readonly gap: number | null;
  /** Truly alive pod-seconds of desired pod-seconds. */
  readonly pods: number | null;
  /** Running pod-seconds as the API showed them, of desired. */
  readonly podsObserved: number | null;
  /** Allocatable CPU-seconds on up nodes, of all. */
  readonly capacity: number | null;
}

export interface PodTotals {
  readonly evictions: number;
  /** Evictions after which the pod was bound again. */
  readonly reschedules: number;
  readonly restarts: number;
  readonly maxMoves: number;
  /** The pod that was moved most; absent when none was. */
  readonly mostMoved?: string;
  readonly unschedulableMs: number;
  readonly longestUnschedulableMs: number;
}

export interface Invariant {
  readonly name: string;
  readonly summary: string;
  /** What was found; 0 when it holds. */
  readonly value: number;
  readonly unit: string;
  readonly holds: boolean;
}

export interface CheckResult {
  readonly condition: string;
  readonly severity: "critical" | "warning";
  readonly passes: number;
  readonly failures: number;
  readonly firstFailureMs: number | null;
  readonly worstValue: number | null;
  /** Time in which it did not hold; known in the modes continuous and onchaos, else 0. */
  readonly violatedMs: number;
  /** Its share of the watched time: how much of the promise was burnt. */
  readonly burn: number;
  readonly held: boolean;
}

/** The run beside what the dice are expected to do. */
export interface ExpectationReport {
  /** False when the closed form does not speak of such a run; `verdict` says why. */
  readonly applies: boolean;
  readonly availability: Comparison;
  readonly failuresPerNode: Comparison;
  readonly recoveriesPerNode: Comparison;
  readonly verdict: string;
}

export interface Comparison {
  readonly expected: number;
  readonly observed: number | null;
  /** Standard errors between the two; null when it has no meaning. */
  readonly z: number | null;
}

export interface FaultRecord {
  readonly id: string;
  readonly node: string;
  readonly fault: string;
  readonly origin: string;
  readonly injectedMs: number;
  readonly detectedMs: number | null;
  /** First pod taken off the node because of it. */
  readonly evictedMs: number | null;
  /** Last such pod Running again. */
  readonly replacedMs: number | null;
  readonly healedMs: number | null;
  readonly healedBy: HealCause | null;
  readonly readyMs: number | null;
  readonly evictedPods: number;
  readonly whileNotReady: boolean;
}

/** What stands in the picture: per node what it was when, and the pods over time. */
export interface Timeline {
  readonly startMs: number;
  readonly endMs: number;
  readonly nodes: readonly { readonly node: string; readonly spans: readonly NodeSpan[] }[];
  /** Changes only, thinned to at most some hundred points. */
  readonly pods: readonly { readonly t: number; readonly desired: number; readonly alive: number }[];
}

/** `unnoticed`: down but shown as Ready; `returning`: up again but not yet shown as Ready. */
export type NodeState = "up" | "unnoticed" | "down" | "returning";

export interface NodeSpan {
  readonly state: NodeState;
  readonly fromMs: number;
  readonly toMs: number;
}
