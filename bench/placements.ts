import { createRandom, type Random } from "../src/lib/random.ts";
import { ClusterState } from "../src/scheduler/cache/cluster-state.ts";
import { podShape } from "../src/scheduler/cache/pod-shape.ts";
import type { Tenant } from "../src/scheduler/cache/tenant.ts";
import { Placer } from "../src/scheduler/placement/placer.ts";
import type { PlaceablePod } from "../src/scheduler/placement/pod.ts";
import { STRATEGIES } from "../src/scheduler/strategies/registry.ts";
import type { Strategy } from "../src/scheduler/strategy.ts";
import { type Benchmark, grouped } from "./table.ts";

const GIBIBYTE = 2 ** 30;
const NODE_COUNTS = [1_000, 10_000, 100_000] as const;

/** Each figure is measured for at least so long. */
const MEASURE_MS = 700;

/** Distinct pods that come round; prepared beforehand, as the queue does. */
const POD_SHAPES = 1_000;

/**
 * Placements (place + assume) per second of one core, for every strategy and size of cluster: nodes of 16 to 96 cpu,
 * pods of 0.1 to 8 cpu with memory, filled to 70 % of the cpu; whenever it is full, every pod leaves (not counted) and
 * it starts again. Processor time is counted, garbage collection included, so that neighbours do not matter.
 */
export const placements: Benchmark = {
  name: "placements",
  summary: "in-process placements per second of processor time, by strategy and number of nodes",
  async run(print) {
    print(["strategy", ...NODE_COUNTS.map((nodes) => `${grouped(nodes)} nodes`)]);
    for (const strategy of STRATEGIES) {
      print([strategy.name, ...NODE_COUNTS.map((nodes) => `${grouped(measure(strategy, nodes))}/s`)]);
    }
  },
};

function measure(strategy: Strategy, nodeCount: number): number {
  const random = createRandom("placements");
  const pods = Array.from({ length: POD_SHAPES }, (_, at) => makePod(at, random));
  const state = new ClusterState();
  const cpuTotal = addNodes(state, nodeCount, random);
  const placer = new Placer(state, random.stream("placer"));
  let placements = 0;
  let elapsedMs = -1;
  // The first round warms up.
  for (let round = 0; elapsedMs < MEASURE_MS; round++) {
    const before = process.cpuUsage();
    const uids = fill(state, placer, strategy, pods, cpuTotal * 0.7, MEASURE_MS);
    if (round > 0) {
      const { user, system } = process.cpuUsage(before);
      elapsedMs += (user + system) / 1_000;
      placements += uids;
    }
    for (let uid = 0; uid < uids; uid++) state.forget(String(uid));
  }
  return (placements * 1_000) / elapsedMs;
}

/** Places pods until so much cpu is taken or the time is over. @returns how many */
function fill(
  state: ClusterState,
  placer: Placer,
  strategy: Strategy,
  pods: readonly PlaceablePod[],
  cpuEnd: number,
  limitMs: number,
): number {
  const endMs = performance.now() + limitMs;
  let cpu = 0;
  let uid = 0;
  for (; cpu < cpuEnd; uid++) {
    const pod = pods[uid % POD_SHAPES] as PlaceablePod;
    const placement = placer.place(pod, strategy);
    if (placement === undefined) throw new Error(`${strategy.name}: no room at ${cpu} of ${cpuEnd}m cpu`);
    state.assume(tenantOf(pod, String(uid)), placement.node);
    cpu += pod.shape.requests.cpu as number;
    if ((uid & 255) === 255 && performance.now() > endMs) return uid + 1;
  }
  return uid;
}

function tenantOf({ namespace, name, labels, priority, shape }: PlaceablePod, uid: string): Tenant {
  return { uid, namespace, name, labels, priority, shape };
}

function addNodes(state: ClusterState, count: number, random: Random): number {
  let cpuTotal = 0;
  for (let at = 0; at < count; at++) {
    const cores = [16, 32, 64, 96][random.below(4)] as number;
    const name = `node-${String(at).padStart(6, "0")}`;
    const allocatable = { cpu: cores * 1_000, memory: cores * 4 * GIBIBYTE, pods: 250 };
    state.setNode({ name, order: name, labels: {}, taints: [], unschedulable: false, allocatable });
    cpuTotal += allocatable.cpu;
  }
  return cpuTotal;
}

function makePod(at: number, random: Random): PlaceablePod {
  const cpu = 100 * (1 + random.below(80));
  const memory = Math.floor((cpu / 1_000) * (1 + 3 * random.next()) * GIBIBYTE);
  const shape = podShape({ cpu, memory });
  const { requests, nonZeroRequests } = shape;
  return {
    namespace: "default",
    name: `pod-${at}`,
    labels: {},
    priority: 0,
    requests,
    nonZeroRequests,
    spec: {},
    shape,
  };
}
