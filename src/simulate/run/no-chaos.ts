import type { ChaosOptions } from "../../chaos/options.ts";

/** What the events of a simulation call their run. */
export const RUN_ID = "simulation";

/** The options of a chaos run in which nobody rolls dice: what a simulation's `run-started` says. */
export const NO_CHAOS: ChaosOptions = {
  durationMs: 0,
  tickMs: 1_000,
  failureProbability: 0,
  recoveryProbability: 0,
  faults: [],
  exclude: [],
  steady: [],
  abort: [],
  checkMode: "eot",
  startAfterMs: 0,
  settleMs: 0,
  dryRun: false,
};
