import { existsSync } from "node:fs";
import { prepareScenario } from "../src/simulate/prepare.ts";
import type { SimulationResult } from "../src/simulate/result.ts";
import { readSpec, scenarioOf } from "../src/simulate/scenario/read-scenario.ts";
import { runSweep } from "../src/simulate/sweep/run-sweep.ts";
import { type Benchmark, grouped } from "./table.ts";

/**
 * Where the big logs are; those that are not there are left out. KUBESIM_BENCH_CASE runs only the cases whose names
 * contain it, KUBESIM_BENCH_LARGE also the one that takes minutes.
 */
const DATA = process.env.KUBESIM_BENCH_DATA ?? "fixtures";

interface Case {
  readonly name: string;
  readonly spec: object;
  readonly strategies?: readonly string[];
  /** Without it the case is left out. */
  readonly needs?: string;
}

const openb = {
  nodes: { file: "fixtures/openb/openb_node_list_all_node.csv" },
  workload: { file: "fixtures/openb/openb_pod_list_default.csv", arrivals: "none" },
};
const nasa = "fixtures/swf/NASA-iPSC-1993-3.1-cln.swf.gz";
const lcg = `${DATA}/swf/LCG.swf.gz`;

function drawn(nodes: number, pods: number): object {
  return {
    nodes: { count: nodes, cpu: "32", memory: "128Gi", pods: 1_000 },
    workload: { arrivals: "none", count: pods, cpu: "uniform:100m,4", memory: "uniform:256Mi,8Gi" },
  };
}

function stormy(nodes: number, pods: number, duration: string, failureProbability = 0.2): object {
  return {
    nodes: { count: nodes, cpu: "32", memory: "128Gi", pods: 1_000 },
    workload: { arrivals: "none", count: pods },
    faults: { failureProbability, recoveryProbability: 0.3, tick: "5s" },
    duration,
  };
}

const CASES: readonly Case[] = [
  { name: "openb at rest", spec: openb, strategies: ["first-fit", "best-fit", "worst-fit"] },
  { name: "NASA log, skip", spec: { nodes: { processors: 128 }, workload: { file: nasa } } },
  { name: "LCG log, skip", spec: { nodes: { processors: 24_443 }, workload: { file: lcg } }, needs: lcg },
  { name: "20,000 nodes, 40,000 pods", spec: drawn(20_000, 40_000), strategies: ["best-fit", "worst-fit"] },
  { name: "chaos, 1,000 nodes, 10,000 pods, 300 s", spec: stormy(1_000, 10_000, "300s") },
  { name: "chaos, 100 nodes, 1,000 pods, 1 h", spec: stormy(100, 1_000, "1h") },
  { name: "rare faults, 100 nodes, 1,000 pods, 24 h", spec: stormy(100, 1_000, "24h", 0.0005) },
];
const LARGE: Case = { name: "100,000 nodes, 1,000,000 pods", spec: drawn(100_000, 1_000_000) };

const FIGURES = ["wall", "processor", "events/s", "us/pod", "bytes/pod"];
const HEADER = ["scenario".padEnd(41), "strategy".padEnd(9), ...FIGURES.map((name) => name.padStart(9))];

/** Whole simulations: real control plane, virtual time, processor time of this process. */
export const simulations: Benchmark = {
  name: "simulate",
  summary: "whole simulations in virtual time: processor seconds, events per second, bytes per pod",
  live: true,
  async run(print) {
    print(HEADER);
    const all = process.env.KUBESIM_BENCH_LARGE === undefined ? CASES : [...CASES, LARGE];
    const wanted = process.env.KUBESIM_BENCH_CASE ?? "";
    const cases = all.filter(({ name }) => name.includes(wanted));
    for (const { name, spec, strategies = ["first-fit"], needs } of cases) {
      if (needs !== undefined && !existsSync(needs)) {
        print([name, "left out: set KUBESIM_BENCH_DATA"]);
        continue;
      }
      for (const strategy of strategies) print([name, strategy, ...(await measure(spec, strategy))]);
    }
  },
};

async function measure(raw: object, strategy: string): Promise<readonly string[]> {
  const spec = readSpec(raw, (path, problem) => new Error(`${path}: ${problem}`));
  const prepared = prepareScenario(scenarioOf({ name: "bench", spec }, [{ name: strategy }]));
  const before = process.memoryUsage().rss;
  const startMs = performance.now();
  const start = process.cpuUsage();
  const { signal } = new AbortController();
  const [result] = (await runSweep(prepared, { workers: 1, signal })) as [SimulationResult];
  const { user, system } = process.cpuUsage(start);
  const wallS = (performance.now() - startMs) / 1_000;
  const bytes = Math.max(0, process.memoryUsage().rss - before) / result.pods;
  return [
    `${wallS.toFixed(2)} s`,
    `${((user + system) / 1e6).toFixed(2)} s`,
    grouped(result.events / wallS),
    ((user + system) / result.pods).toFixed(1),
    grouped(bytes),
  ];
}
