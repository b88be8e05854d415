import type { ChaosEvent } from "../../src/chaos/events.ts";
import { createRandom, type Random } from "../../src/lib/random.ts";
import { runScenario } from "../../src/simulate/run-scenario.ts";
import { prepared } from "./scene.ts";
import { StormWatcher } from "./storm-watcher.ts";

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
  const strategy = anyOf(random, STRATEGIES);
  const spec = stormSpec(random);
  const watcher = new StormWatcher();
  const { signal } = new AbortController();
  const onEvent = (event: ChaosEvent) => watcher.see(event);
  const result = await runScenario(prepared(spec, [strategy]), { name: strategy }, seed, signal, { onEvent });
  const endMs = (HEALED_S + SETTLED_S) * 1_000;
  const found = [...watcher.violations, ...watcher.left(endMs, spec.queue), ...result.violations];
  const how = `strategy ${strategy}, seed ${seed}, ${JSON.stringify(spec)}`;
  return {
    violations: found.map((text) => `${text} (${how})`),
    evicted: watcher.evicted,
    ...watcher.count(),
  };
}

/** A scenario by chance: sizes, arrivals, what happens to which nodes and when, timing and queue. */
function stormSpec(random: Random) {
  const stay = 50 + random.below(150);
  const sizes = { cpu: "empirical:250m,500m,1,2,4", memory: "empirical:512Mi,1Gi,4Gi" };
  const arrivals = `poisson:${4 + random.below(8)}`;
  const shape = { cpu: String(anyOf(random, [8, 16, 24])), memory: "64Gi", zones: 4 };
  // Every third has GPUs, on half of the nodes, and more is asked of them than there is.
  const hasGpus = random.chance(1 / 3);
  const some = hasGpus && {
    gpu: anyOf(random, ["empirical:0,0,0.5,1", "empirical:0,0.25,0.7,2", "uniform:0,3"]),
  };
  return {
    nodes: hasGpus
      ? [
          { count: NODES / 2, gpu: anyOf(random, [1, 4, 8]), ...shape },
          { count: NODES / 2, prefix: "plain", ...shape },
        ]
      : { count: NODES, ...shape },
    workload: [
      { name: "stay", count: stay, arrivals: "none", ...sizes, ...some },
      { name: "job", count: PODS - stay, arrivals, duration: anyOf(random, DURATIONS), ...sizes, ...some },
    ],
    events: [...eventsOf(random, hasGpus), `at ${HEALED_S}s heal all`, `at ${HEALED_S}s uncordon all`],
    queue: anyOf(random, ["skip", "skip", "skip", "fcfs", "easy"]),
    timing: anyOf(random, ["fast", "fast", "classic"]),
    duration: `${HEALED_S + SETTLED_S}s`,
  };
}

const DURATIONS = ["empirical:5s,15s,40s", "exponential:20s"];

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
