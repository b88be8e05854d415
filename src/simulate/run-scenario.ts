import type { PreparedScenario } from "./prepared.ts";
import type { SimulationResult } from "./result.ts";
import { type Observe, SimulatedRun } from "./run/simulated-run.ts";
import type { StrategyChoice } from "./scenario/scenario.ts";

/**
 * Runs a scenario once in virtual time: the real control plane over a memory store, on a virtual clock. The same
 * arguments give the same result, byte for byte. Everything it takes is plain data but for `signal` and `observe`, so
 * that it can run in a worker.
 *
 * When the signal is aborted it resolves with what has been measured by then, `status: "partial"`. Rejects when the
 * scenario cannot be simulated or a part of the cluster fails.
 */
export async function runScenario(
  prepared: PreparedScenario,
  strategy: StrategyChoice,
  seed: string,
  signal: Pick<AbortSignal, "aborted">,
  observe: Observe = {},
): Promise<SimulationResult> {
  const run = await SimulatedRun.start(prepared, strategy, seed, { ...observe, signal });
  try {
    const isWhole = await run.perform();
    return run.result(isWhole);
  } finally {
    run.stop();
  }
}
