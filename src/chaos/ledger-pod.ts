import type { Amounts } from "./events.ts";

/** A pod as the events tell it. */
export interface PodRecord {
  /** `namespace/name`. */
  readonly pod: string;
  readonly uid: string;
  readonly requests: Amounts;
  readonly owner: string | undefined;
  readonly rescheduled: boolean;
  node: string | undefined;
  phase: string;
  /** Its containers went down with a crashed node and were not started again. */
  lost: boolean;
  /** Taken off its lost node, though it may still be there as Terminating. */
  evicted: boolean;
  terminating: boolean;
  unschedulable: boolean;
  /** How often it was bound to another node than before; must stay 0. */
  bindings: number;
}

/** What of a node and its pods is counted (see Ledger.counts). */
type PodCounts = Record<"desired" | "running" | "alive" | "pending" | "unschedulable", number>;

/**
 * Counts a pod in (sign 1) or out (sign -1) as what it is now. Desired: somebody wants it to run. A controller's
 * evicted pod is not: its replacement is.
 */
export function countPod(counts: PodCounts, pod: PodRecord, nodeUp: boolean, sign: 1 | -1): void {
  if (isFinished(pod)) return;
  if (pod.evicted ? pod.owner !== undefined : pod.terminating) return;
  counts.desired += sign;
  if (pod.phase === "Running" && !pod.evicted) {
    counts.running += sign;
    if (nodeUp && !pod.lost) counts.alive += sign;
  }
  if (pod.phase === "Pending") counts.pending += sign;
  if (pod.unschedulable && pod.node === undefined) counts.unschedulable += sign;
}

/** Succeeded or Failed: holds nothing and never runs again. */
export function isFinished(pod: PodRecord): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}
