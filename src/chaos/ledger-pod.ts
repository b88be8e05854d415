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

/** What a pod counts as. */
export interface Facets {
  readonly desired: boolean;
  readonly running: boolean;
  readonly alive: boolean;
  readonly pending: boolean;
  readonly unschedulable: boolean;
}

const NOTHING: Facets = {
  desired: false,
  running: false,
  alive: false,
  pending: false,
  unschedulable: false,
};

/** Desired: somebody wants it to run. A controller's evicted pod is not: its replacement is. */
export function facetsOf(pod: PodRecord, nodeUp: boolean): Facets {
  if (isFinished(pod)) return NOTHING;
  if (pod.evicted ? pod.owner !== undefined : pod.terminating) return NOTHING;
  const running = pod.phase === "Running" && !pod.evicted;
  return {
    desired: true,
    running,
    alive: running && nodeUp && !pod.lost,
    pending: pod.phase === "Pending",
    unschedulable: pod.unschedulable && pod.node === undefined,
  };
}

/** Succeeded or Failed: holds nothing and never runs again. */
export function isFinished(pod: PodRecord): boolean {
  return pod.phase === "Succeeded" || pod.phase === "Failed";
}
