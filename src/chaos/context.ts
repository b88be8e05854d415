import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import type { ChaosEvent, RunStatus } from "./events.ts";

/** What a chaos run needs; `runChaos(context, options)` in engine.ts. */
export interface ChaosContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** For the run's id, and for its seed when none is given. Never for decisions: those depend on the seed alone. */
  readonly random: Random;
  /** Aborted by Ctrl-C: the run heals at once and ends as `interrupted`. */
  readonly signal: AbortSignal;
  /** Told everything as it happens; see events.ts. Must not throw. */
  readonly onEvent: (event: ChaosEvent) => void;
}

/** How a run ended. What it did to the cluster is in its events: `makeReport(events)`. */
export interface ChaosOutcome {
  readonly runId: string;
  readonly seed: string;
  readonly status: RunStatus;
  /** A steady condition did not hold when it was checked. */
  readonly deviated: boolean;
  /** The abort condition, or what went wrong. */
  readonly reason?: string;
  /** False when faults could not be removed in time; the cure is `healAll`. */
  readonly healed: boolean;
}
