import type { PreparedScenario } from "../prepared.ts";
import type { SimulationResult } from "../result.ts";
import { runScenario } from "../run-scenario.ts";
import { isLarge } from "./memory.ts";
import { RunFailure } from "./run-failure.ts";
import { runsOf } from "./runs.ts";

/** How a sweep is performed. */
export interface SweepOptions {
  /** So many runs at a time, each in a thread of its own; a single one in this thread, where it may be. */
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Told how many runs are done, whenever one is. */
  readonly onDone?: (done: number) => void;
  /** Heap for each run in a thread, in MiB; absent: an equal share of what there is. */
  readonly heapMib?: number;
}

/**
 * Runs a scenario with every strategy and seed. The results stand in the order of `runsOf`, whichever was ready first,
 * and are the same for any number of workers. When the signal is aborted, runs that have begun end as partial ones and
 * the others are left out. Fails with RunFailure.
 */
export async function runSweep(
  prepared: PreparedScenario,
  options: SweepOptions,
): Promise<readonly SimulationResult[]> {
  const workers = Math.min(options.workers, runsOf(prepared.scenario).length);
  // A strategy of somebody's own may never come to an end: then this thread still hears the user.
  const isForeign = prepared.scenario.strategies.some(({ source }) => source !== undefined);
  // A single run does not pay for the pool, not even for its code, but where it needs the room of a thread.
  if (workers <= 1 && !isForeign && !isLarge(prepared)) return runHere(prepared, options);
  const { runInPool } = await import("./run-in-pool.ts");
  return runInPool(prepared, { ...options, workers });
}

async function runHere(
  prepared: PreparedScenario,
  { signal, onDone }: SweepOptions,
): Promise<readonly SimulationResult[]> {
  const results: SimulationResult[] = [];
  for (const run of runsOf(prepared.scenario)) {
    if (signal.aborted) break;
    const result = await runScenario(prepared, run.strategy, run.seed, signal).catch((error: unknown) => {
      throw new RunFailure(run, error);
    });
    results.push(result);
    onDone?.(results.length);
  }
  return results;
}
