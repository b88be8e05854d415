import { createRandom } from "../src/lib/random.ts";
import { ClusterState } from "../src/scheduler/cache/cluster-state.ts";
import type { NeighbourRules, NeighbourTerm } from "../src/scheduler/cache/neighbour-rules.ts";
import { NO_CONSTRAINTS, podShape } from "../src/scheduler/cache/pod-shape.ts";
import { Placer } from "../src/scheduler/placement/placer.ts";
import { findStrategy } from "../src/scheduler/strategies/registry.ts";
import type { Strategy } from "../src/scheduler/strategy.ts";
import { type Benchmark, grouped } from "./table.ts";

const SIZES = [1_000, 10_000];
const ZONES = 10;

const ABOUT_ALL = { selector: { matchLabels: { app: "web" } }, namespaces: ["default"] };
const inZone: NeighbourTerm = { signature: "zone", ...ABOUT_ALL, topologyKey: "zone" };
const onHost: NeighbourTerm = { signature: "host", ...ABOUT_ALL, topologyKey: "host" };
const SPREAD = { maxSkew: 1, minDomains: 1, honoursAffinity: true, honoursTaints: false };
const NOTHING = { affinity: [], antiAffinity: [], preferred: [], spread: [], preferredSpread: [] };

/** By name: what pods want of each other. */
const KINDS: readonly (readonly [string, Partial<NeighbourRules>])[] = [
  ["no rules", {}],
  ["affinity, zone", { affinity: [inZone] }],
  ["anti-affinity, host", { antiAffinity: [onHost] }],
  ["spread, zone", { spread: [{ ...inZone, ...SPREAD }] }],
  ["spread, host", { spread: [{ ...onHost, ...SPREAD }] }],
  ["spread, zone and host", { spread: [inZone, onHost].map((term) => ({ ...term, ...SPREAD })) }],
  ["preferred affinity, zone", { preferred: [{ term: inZone, weight: 10 }] }],
];

/**
 * Placements (place + assume) per second of one core: as many pods as nodes (in ten zones) that all follow one
 * rule about each other, so that where each wants a node for itself all nodes are taken in the end. Beside it the
 * last tenth of them placed by scoring every node that has room, and how many times as quick the index is there.
 */
export const neighbours: Benchmark = {
  name: "neighbours",
  summary: "in-process placements per second of pods with affinity and spreading, 1,000 and 10,000 nodes",
  async run(print) {
    const indexed = ["first-fit", "best-fit"];
    const titles = indexed.flatMap((name) => [name, "every node scored", "times"]);
    print(["rule", "nodes", ...titles, "kubernetes"]);
    for (const [name, rules] of KINDS)
      for (const nodes of SIZES) print([name, grouped(nodes), ...row(rules, nodes)]);
  },
};

function row(rules: Partial<NeighbourRules>, nodes: number): string[] {
  const compared = ["first-fit", "best-fit"].flatMap((name) => {
    const strategy = findStrategy(name) as Strategy;
    const all = measure(strategy, rules, nodes);
    const { order: _order, ...plain } = strategy;
    const scanned = measure(strategy, rules, nodes, plain);
    const { perSecondAtEnd } = all;
    return [
      `${grouped(all.perSecond)}/s`,
      `${grouped(scanned.perSecondAtEnd)}/s`,
      `${(perSecondAtEnd / scanned.perSecondAtEnd).toFixed(1)}x`,
    ];
  });
  return [
    ...compared,
    `${grouped(measure(findStrategy("kubernetes") as Strategy, rules, nodes).perSecond)}/s`,
  ];
}

interface Speed {
  readonly perSecond: number;
  /** Of the last tenth of the pods. */
  readonly perSecondAtEnd: number;
}

/** @param last the strategy for the last tenth; absent: the same */
function measure(strategy: Strategy, rules: Partial<NeighbourRules>, nodes: number, last = strategy): Speed {
  const state = stateOf(nodes);
  const shape = podShape({ cpu: 100, memory: 2 ** 27 }, NO_CONSTRAINTS, undefined, {
    hostPorts: [],
    ...(Object.keys(rules).length > 0 && { rules: { signature: "rules", ...NOTHING, ...rules } }),
  });
  const { requests, nonZeroRequests } = shape;
  const about = { namespace: "default", name: "pod", labels: { app: "web" }, priority: 0, shape };
  const placer = new Placer(state, createRandom("neighbours"));
  const place = (from: number, to: number, by: Strategy) => {
    const before = process.cpuUsage();
    for (let at = from; at < to; at++) {
      const placement = placer.place({ ...about, requests, nonZeroRequests, spec: {} }, by);
      if (placement === undefined) throw new Error(`${by.name}: no room for pod ${at}`);
      state.assume({ ...about, uid: String(at) }, placement.node);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const first = place(0, nodes * 0.9, strategy);
  const rest = place(nodes * 0.9, nodes, last);
  return { perSecond: nodes / (first + rest), perSecondAtEnd: (nodes * 0.1) / rest };
}

function stateOf(nodes: number): ClusterState {
  const state = new ClusterState();
  for (let at = 0; at < nodes; at++) {
    const name = `node-${String(at).padStart(5, "0")}`;
    const labels = { host: name, zone: `zone-${at % ZONES}` };
    const allocatable = { cpu: 32_000, memory: 2 ** 37, pods: 110 };
    state.setNode({ name, order: name, labels, taints: [], unschedulable: false, allocatable });
  }
  return state;
}
