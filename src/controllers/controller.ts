import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";

/**
 * A control loop: watches some kinds and drives what is towards what should be. One folder each, one line in
 * registry.ts. Contract: idempotent (may be started on any state, after any crash), speaks only Objects, all waiting
 * on the injected clock, cost proportional to what changes and not to the size of the cluster.
 */
export interface Controller {
  readonly name: string;
  readonly summary: string;
  start(context: ControllerContext): Promise<RunningController>;
}

export interface ControllerContext {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  /** Told about failures that the controller could not handle; it goes on. */
  readonly onError: (error: unknown) => void;
}

export interface RunningController {
  stop(): void;
}
