import { availableParallelism } from "node:os";
import { prepareScenario } from "../src/simulate/prepare.ts";
import type { PreparedScenario } from "../src/simulate/prepared.ts";
import { readSpec, scenarioOf } from "../src/simulate/scenario/read-scenario.ts";
import { runInPool } from "../src/simulate/sweep/run-in-pool.ts";
import type { Benchmark } from "./table.ts";

const SPEC = {
  nodes: { count: 60, cpu: "16", memory: "64Gi" },
  workload: { arrivals: "poisson:1", cpu: "uniform:500m,4", duration: "exponential:10m" },
  faults: { mtbf: "1h", mttr: "5m" },
  duration: "15m",
  seeds: ["1", "2", "3", "4", "5", "6", "7", "8"],
};
const STRATEGIES = [{ name: "first-fit" }, { name: "worst-fit" }];

/** Each is measured so often, in turn; the least counts, as other programs only ever add to it. */
const ROUNDS = 2;

interface Cost {
  readonly wallS: number;
  readonly processorS: number;
}

/** How a sweep over seeds and strategies gets shorter with the cores it may use. */
export const sweeps: Benchmark = {
  name: "sweeps",
  summary:
    "16 runs (2 strategies, 8 seeds) on one core and on all: how much sooner, for how much more processor time",
  live: true,
  async run(print) {
    const spec = readSpec(SPEC, (path, problem) => new Error(`${path}: ${problem}`));
    const prepared = prepareScenario(scenarioOf({ name: "sweeps", spec }, STRATEGIES));
    const counts = [...new Set([1, 2, availableParallelism()])].sort((a, b) => a - b);
    const costs = new Map<number, Cost[]>(counts.map((workers) => [workers, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const workers of counts) costs.get(workers)?.push(await measure(prepared, workers));
    }
    const least = (workers: number, part: keyof Cost) =>
      Math.min(...(costs.get(workers) ?? []).map((cost) => cost[part]));
    print(["workers".padEnd(8), "wall", "processor", "times as fast", "processor against one"]);
    for (const workers of counts) {
      const [wallS, processorS] = [least(workers, "wallS"), least(workers, "processorS")];
      const faster = least(1, "wallS") / wallS;
      const dearer = processorS / least(1, "processorS");
      print([
        String(workers),
        `${wallS.toFixed(2)} s`,
        `${processorS.toFixed(2)} s`,
        faster.toFixed(2),
        dearer.toFixed(2),
      ]);
    }
  },
};

async function measure(prepared: PreparedScenario, workers: number): Promise<Cost> {
  const startMs = performance.now();
  const start = process.cpuUsage();
  // One worker is a thread, too: all begin with code that has not been run yet.
  await runInPool(prepared, { workers, signal: new AbortController().signal });
  const { user, system } = process.cpuUsage(start);
  return { wallS: (performance.now() - startMs) / 1_000, processorS: (user + system) / 1e6 };
}
