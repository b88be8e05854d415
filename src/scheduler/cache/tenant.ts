import type { PodShape } from "./pod-shape.ts";

/** A pod that takes room on a node, as its neighbours see it, and those who might push it out. */
export interface Tenant {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly shape: PodShape;
  /** Indexes of the GPUs it has a part of. */
  readonly devices?: readonly number[];
  /** When its node began with it, in ms; absent before. */
  readonly startedAtMs?: number;
  /** It is being deleted; `preempted` when the scheduler has asked for it. */
  readonly ending?: "preempted" | "deleted";
}
