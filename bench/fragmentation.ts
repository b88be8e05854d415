import { availableParallelism } from "node:os";
import { prepareScenario } from "../src/simulate/prepare.ts";
import { readSpec, scenarioOf } from "../src/simulate/scenario/read-scenario.ts";
import { runSweep } from "../src/simulate/sweep/run-sweep.ts";
import type { Benchmark } from "./table.ts";

/** Per cent of GPUs allocated, mean of ten seeds (hkust-adsl/kubernetes-scheduler-simulator, expected results). */
const PUBLISHED = { random: 87.47, "dot-product": 90.85, "best-fit": 93.08, fgd: 95.39 } as const;

const RESOURCES = ["cpu", "memory", "gpu"];
const SPEC = {
  nodes: {
    file: "fixtures/openb/openb_node_list_all_node.csv",
    resources: RESOURCES,
    select: "kubesim.dev/gpu-model",
  },
  workload: {
    file: "fixtures/openb/openb_pod_list_default.csv",
    resources: RESOURCES,
    arrivals: "none",
    order: "shuffled",
    demand: "gpu=1.3",
  },
  seeds: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
};

/** The comparison of "Beware of Fragmentation" (USENIX ATC 2023), beside its published values. */
export const fragmentation: Benchmark = {
  name: "fragmentation",
  summary: "GPUs given to pods on openb, ten seeds, beside the published values",
  async run(print) {
    const spec = readSpec(SPEC, (path, problem) => new Error(`${path}: ${problem}`));
    const strategies = Object.keys(PUBLISHED).map((name) => ({ name }));
    const prepared = prepareScenario(scenarioOf({ name: "fragmentation", spec }, strategies));
    const options = { workers: availableParallelism(), signal: new AbortController().signal };
    const results = await runSweep(prepared, options);
    print(["strategy", "mean", "published", "difference"]);
    for (const [name, published] of Object.entries(PUBLISHED)) {
      const shares = results.flatMap(({ strategy, gpuAllocationPercent: share }) =>
        strategy === name && share !== null ? [share] : [],
      );
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      print([name, mean.toFixed(2), published.toFixed(2), (mean - published).toFixed(2)]);
    }
  },
};
