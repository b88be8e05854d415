import { Tinypool } from "tinypool";
import type { PreparedScenario } from "../prepared.ts";
import type { SimulationResult } from "../result.ts";
import { heapPerRunMib, YOUNG_MIB } from "./memory.ts";
import { RunFailure } from "./run-failure.ts";
import type { SweepOptions } from "./run-sweep.ts";
import { type Run, runsOf, type SweepData } from "./runs.ts";

/** Performs the runs of a sweep in worker threads; see runSweep. */
export async function runInPool(
  prepared: PreparedScenario,
  { workers, signal, onDone, heapMib = heapPerRunMib(workers) }: SweepOptions,
): Promise<readonly SimulationResult[]> {
  const stopFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const stop = () => void Atomics.store(stopFlag, 0, 1);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const data: SweepData = { prepared, stopFlag };
  const pool = new Tinypool({
    filename: workerModule(),
    workerData: data,
    minThreads: workers,
    maxThreads: workers,
    // Flags of this process are not for its threads.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMib, maxYoungGenerationSizeMb: YOUNG_MIB },
  });
  const runs = runsOf(prepared.scenario);
  let done = 0;
  const perform = async (run: Run, index: number): Promise<SimulationResult | undefined> => {
    try {
      const result = (await pool.run(index)) as SimulationResult | undefined;
      onDone?.(++done);
      return result;
    } catch (error) {
      stop();
      throw new RunFailure(run, error);
    }
  };
  try {
    const outcomes = await Promise.allSettled(runs.map(perform));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return outcomes.flatMap((outcome) =>
      outcome.status === "fulfilled" && outcome.value !== undefined ? [outcome.value] : [],
    );
  } finally {
    signal.removeEventListener("abort", stop);
    await pool.destroy();
  }
}

/** In the bundle the worker is a file of its own beside this one; the sources, in tests, are run through tsx. */
function workerModule(): string {
  const own = import.meta.url;
  if (!own.endsWith(".ts")) return new URL("./sweep-worker.js", own).href;
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const [worker, from] = [new URL("./sweep-worker.ts", own).href, own].map((url) => JSON.stringify(url));
  const code = `import { tsImport } from ${loader}; export default (await tsImport(${worker}, ${from})).default;`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
