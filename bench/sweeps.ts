import { availableParallelism } from "node:os";
import { prepareScenario } from "../src/simulate/prepare.ts";
import type { PreparedScenario } from "../src/simulate/prepared.ts";
import { readSpec, scenarioOf } from "../src/simulate/scenario/read-scenario.ts";
import { runInPool } from "../src/simulate/sweep/run-in-pool.ts";
import type { Benchmark } from "./table.ts";
import { threadSeconds } from "./threads.ts";

const SPEC = {
  nodes: { count: 60, cpu: "16", memory: "64Gi" },
  workload: { arrivals: "poisson:1", cpu: "uniform:500m,4", duration: "exponential:10m" },
  faults: { mtbf: "1h", mttr: "5m" },
  duration: "1h",
  seeds: ["1", "2", "3", "4", "5", "6", "7", "8"],
};
const STRATEGIES = [{ name: "first-fit" }, { name: "worst-fit" }];

/** Each is measured so often, in turn; the least counts, as other programs only ever add to it. */
const ROUNDS = 2;

interface Cost {
  readonly wallS: number;
  readonly processorS: number;
  /** How long it takes where nobody else is at work: its longest thread, or all that is done spread over the cores. */
  readonly aloneS: number;
}

/**
 * How a sweep over seeds and strategies gets shorter with the cores it may use. One worker keeps more than one core
 * busy: V8 compiles and collects garbage in threads of its own, in which all workers take turns.
 */
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
    const isTold = threadSeconds().size > 0;
    const parts = isTold ? (["wallS", "processorS", "aloneS"] as const) : (["wallS", "processorS"] as const);
    print([
      "workers".padEnd(8),
      "wall",
      "",
      "processor",
      "",
      ...(isTold ? ["on a machine of its own", ""] : []),
    ]);
    for (const workers of counts) {
      const cells = parts.flatMap((part) => {
        const [one, seconds] = [least(1, part), least(workers, part)];
        const ratio =
          part === "processorS"
            ? `${(seconds / one).toFixed(2)} x one's`
            : `${(one / seconds).toFixed(2)} x as fast`;
        return [`${seconds.toFixed(1)} s`, ratio];
      });
      print([String(workers), ...cells]);
    }
  },
};

/** One worker is a thread, too: all begin with code that has not been run yet. */
async function measure(prepared: PreparedScenario, workers: number): Promise<Cost> {
  const startMs = performance.now();
  const start = process.cpuUsage();
  const before = threadSeconds();
  let own = 0;
  const onDone = () => {
    // Threads that are over are told of no more.
    const now = [...threadSeconds()].map(([id, seconds]) => seconds - (before.get(id) ?? 0));
    own = Math.max(own, ...now);
  };
  await runInPool(prepared, { workers, signal: new AbortController().signal, onDone });
  const { user, system } = process.cpuUsage(start);
  const processorS = (user + system) / 1e6;
  const aloneS = Math.max(own, processorS / availableParallelism());
  return { wallS: (performance.now() - startMs) / 1_000, processorS, aloneS };
}
