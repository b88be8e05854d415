import type { ChaosOptions } from "./options.ts";

/** The options of a run in which nobody rolls dice: what the `run-started` of simulations and recordings says. */
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
