import type { ChaosEvent } from "../../src/chaos/events.ts";
import { createRandom, type Random } from "../../src/lib/random.ts";
import { runScenario } from "../../src/simulate/run-scenario.ts";
import type { StrategyChoice } from "../../src/simulate/scenario/scenario.ts";
import { prepared } from "./scene.ts";
import { StormWatcher } from "./storm-watcher.ts";
import { drawWorkloads, type StormWorkload, withTaints } from "./storm-workloads.ts";

const NODES = 20;
const PODS = 300;
const HEALED_S = 30;
/** How long after healing every pod that fits has to run. */
const SETTLED_S = 60;

const STRATEGIES = [
  ...[
    "first-fit",
    "best-fit",
    "worst-fit",
    "kubernetes",
    "round-robin",
    "random",
    "spread",
    "least-requested",
  ],
  ...["gpu-packing", "dot-product", "fgd"],
];

/** A strategy of somebody's own: by names, as it were. */
const OWN: StrategyChoice = {
  name: "own",
  source: "export default { score: (pod, node) => (pod.name.length * 7 + node.index * 13) % 11 };",
};

/** What came of a storm. */
export interface StormOutcome {
  /** What must not be, in words; with what is needed to see it again. */
  readonly violations: readonly string[];
  readonly evicted: number;
  readonly running: number;
  readonly waiting: number;
}

/** Lets it storm over 20 nodes and 300 pods, by the seed alone, heals all, waits, and looks at what is left. */
export async function storm(seed: string): Promise<StormOutcome> {
  const random = createRandom(seed).stream("storm");
  const strategy = random.chance(0.08) ? OWN : { name: anyOf(random, STRATEGIES) };
  const workload = drawWorkloads(random);
  const spec = stormSpec(random, workload);
  const scenario = prepared(spec, [strategy.name]);
  const nodes = random.chance(1 / 3) ? withTaints(scenario.nodes) : scenario.nodes;
  const watcher = new StormWatcher(nodes, workload.rules);
  const { signal } = new AbortController();
  const onEvent = (event: ChaosEvent) => watcher.see(event);
  const arriving = { ...scenario, nodes, arrivals: workload.arrivals };
  const result = await runScenario(arriving, strategy, seed, signal, { onEvent });
  const endMs = (HEALED_S + SETTLED_S) * 1_000;
  const found = [...watcher.violations, ...watcher.left(endMs, spec.queue), ...result.violations];
  const how = `strategy ${strategy.name}, seed ${seed}, ${JSON.stringify(spec)}`;
  return {
    violations: found.map((text) => `${text} (${how}, ${Object.keys(workload.rules).join()})`),
    evicted: watcher.evicted,
    ...watcher.count(),
  };
}

/** A scenario by chance: sizes, arrivals, what happens to which nodes and when, timing and queue. */
function stormSpec(random: Random, { pods }: StormWorkload) {
  const stay = 50 + random.below(100);
  const sizes = { cpu: anyOf(random, CPUS), memory: anyOf(random, MEMORIES) };
  const shape = { cpu: String(anyOf(random, [8, 16, 24])), memory: "64Gi", zones: 4 };
  // Every third has GPUs, on half of the nodes, and more is asked of them than there is.
  const hasGpus = random.chance(1 / 3);
  const some = hasGpus && {
    gpu: anyOf(random, ["empirical:0,0,0.5,1", "empirical:0,0.25,0.7,2", "uniform:0,3"]),
  };
  const extra = random.chance(0.15)
    ? [{ count: 1 + random.below(10), onDemand: true, prefix: "extra", ...shape }]
    : [];
  const own = hasGpus
    ? [
        { count: NODES / 2, gpu: anyOf(random, [1, 4, 8]), ...shape },
        { count: NODES / 2, prefix: "plain", ...shape },
      ]
    : [{ count: NODES, ...shape }];
  const duration = anyOf(random, DURATIONS);
  return {
    nodes: [...own, ...extra],
    workload: [
      { name: "stay", count: stay, arrivals: "none", ...sizes, ...some },
      { name: "job", count: PODS - stay - pods, arrivals: arrivalsOf(random), duration, ...sizes, ...some },
    ],
    faults: faultsOf(random),
    events: [...eventsOf(random, hasGpus), `at ${HEALED_S}s heal all`, `at ${HEALED_S}s uncordon all`],
    queue: anyOf(random, ["skip", "skip", "skip", "fcfs", "easy"]),
    timing: anyOf(random, ["fast", "fast", "fast", "classic", "kubernetes"]),
    duration: `${HEALED_S + SETTLED_S}s`,
  };
}

const DURATIONS = [
  "empirical:5s,15s,40s",
  "exponential:20s",
  "lognormal:15s,1",
  "weibull:0.7,20s",
  "pareto:1.5,5s",
];
const CPUS = ["empirical:250m,500m,1,2,4", "uniform:100m,4", "exponential:1", "lognormal:1,1"];
const MEMORIES = ["empirical:512Mi,1Gi,4Gi", "uniform:128Mi,8Gi", "1Gi"];

function arrivalsOf(random: Random): string {
  return anyOf(random, [
    `poisson:${4 + random.below(8)}`,
    `poisson:${4 + random.below(8)}`,
    `constant:${4 + random.below(8)}`,
    `burst:${20 + random.below(80)},7s`,
    `diurnal:1,${6 + random.below(10)},20s`,
  ]);
}

/** Up to two processes of chance; who has failed when they end is back by the healing at the latest. */
function faultsOf(random: Random): readonly object[] {
  const kinds: readonly (() => object)[] = [
    () => ({ failureProbability: anyOf(random, [0.02, 0.1]), recoveryProbability: 0.3, tick: "2s" }),
    () => ({
      mtbf: anyOf(random, ["20s", "weibull:0.6,15s"]),
      mttr: anyOf(random, ["4s", "lognormal:6s,1"]),
    }),
    () => ({
      mtbf: "10s",
      mttr: "constant:5s",
      select: `topology.kubernetes.io/zone=zone-${1 + random.below(4)}`,
    }),
    () => ({ preset: anyOf(random, ["nd07cpu", "overnet03"]) }),
  ];
  const span = () => ({ from: `${1 + random.below(15)}s`, until: `${16 + random.below(HEALED_S - 16)}s` });
  return Array.from({ length: random.below(3) }, () => ({
    ...anyOf(random, kinds)(),
    fault: anyOf(random, ["node-crash", "node-hang"]),
    ...span(),
  }));
}

/** Nodes crash, hang, come back, are cordoned and removed, one by one and by the zone; strategies change. */
function eventsOf(random: Random, hasGpus: boolean): string[] {
  const names = Array.from({ length: NODES }, (_, index) =>
    hasGpus && index % 2 === 1 ? `plain-${(index + 1) / 2}` : `node-${hasGpus ? index / 2 + 1 : index + 1}`,
  );
  // No event can speak of a node that is gone: those that go are hit by the zone only.
  const leaving = names.splice(NODES - 3);
  const node = () => anyOf(random, names);
  const zone = () => `zone zone-${1 + random.below(4)}`;
  const kinds: readonly (() => string)[] = [
    () => `crash ${node()}`,
    () => `hang ${node()}`,
    () => `crash ${node()}`,
    () => `heal ${node()}`,
    () => `heal ${node()}`,
    () => `cordon ${node()}`,
    () => `uncordon ${node()}`,
    () => `${anyOf(random, ["crash", "hang"])} busiest`,
    () => "heal oldest",
    () => "uncordon all",
    () => "remove busiest",
    () => (leaving.length > 0 ? `remove ${leaving.pop()}` : `crash ${node()}`),
    () => `${anyOf(random, ["crash", "hang", "cordon", "heal"])} ${zone()}`,
    () => `strategy ${anyOf(random, STRATEGIES)}`,
  ];
  const count = 8 + random.below(25);
  return Array.from({ length: count }, () => {
    const atMs = random.below(HEALED_S * 1_000);
    return `at ${atMs}ms ${anyOf(random, kinds)()}`;
  });
}

function anyOf<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}
