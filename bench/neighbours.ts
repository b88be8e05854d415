import { createRandom } from "../src/lib/random.ts";
import { ClusterState } from "../src/scheduler/cache/cluster-state.ts";
import type { NeighbourRules, NeighbourTerm } from "../src/scheduler/cache/neighbour-rules.ts";
import { NO_CONSTRAINTS, podShape } from "../src/scheduler/cache/pod-shape.ts";
import { Placer } from "../src/scheduler/placement/placer.ts";
import { findStrategy } from "../src/scheduler/strategies/registry.ts";
import type { Strategy } from "../src/scheduler/strategy.ts";
import { type Benchmark, grouped } from "./table.ts";

const NODES = 5_000;
const PODS = 10_000;
const ZONES = 10;

const ABOUT_ALL = { selector: { matchLabels: { app: "web" } }, namespaces: ["default"] };
const inZone: NeighbourTerm = { signature: "zone", ...ABOUT_ALL, topologyKey: "zone" };
const onHost: NeighbourTerm = { signature: "host", ...ABOUT_ALL, topologyKey: "host" };
const SPREAD = { maxSkew: 1, minDomains: 1, honoursAffinity: true, honoursTaints: false };
const NOTHING = { affinity: [], antiAffinity: [], preferred: [], spread: [], preferredSpread: [] };

/** By name: what pods want of each other, and how many of them there are. */
const KINDS: readonly (readonly [string, Partial<NeighbourRules>, number])[] = [
  ["no rules", {}, PODS],
  ["affinity, zone", { affinity: [inZone] }, PODS],
  ["anti-affinity, host", { antiAffinity: [onHost] }, NODES],
  ["spread, zone", { spread: [{ ...inZone, ...SPREAD }] }, PODS],
  ["spread, host", { spread: [{ ...onHost, ...SPREAD }] }, PODS],
  ["preferred affinity, zone", { preferred: [{ term: inZone, weight: 10 }] }, PODS],
];

/**
 * Placements (place + assume) per second of one core on 5,000 nodes in ten zones, 10,000 pods (5,000 where each wants
 * a node for itself) that all follow one rule about each other.
 */
export const neighbours: Benchmark = {
  name: "neighbours",
  summary: "in-process placements per second of pods with affinity and spreading, 5,000 nodes",
  async run(print) {
    const strategies = ["first-fit", "best-fit", "kubernetes"];
    print(["rule", ...strategies]);
    for (const [name, rules, pods] of KINDS) {
      const measured = strategies.map((strategy) => measure(findStrategy(strategy) as Strategy, rules, pods));
      print([name, ...measured.map((perSecond) => `${grouped(perSecond)}/s`)]);
    }
  },
};

function measure(strategy: Strategy, rules: Partial<NeighbourRules>, pods: number): number {
  const state = new ClusterState();
  for (let at = 0; at < NODES; at++) {
    const name = `node-${String(at).padStart(5, "0")}`;
    const labels = { host: name, zone: `zone-${at % ZONES}` };
    const allocatable = { cpu: 32_000, memory: 2 ** 37, pods: 110 };
    state.setNode({ name, order: name, labels, taints: [], unschedulable: false, allocatable });
  }
  const shape = podShape({ cpu: 100, memory: 2 ** 27 }, NO_CONSTRAINTS, undefined, {
    hostPorts: [],
    ...(Object.keys(rules).length > 0 && { rules: { signature: "rules", ...NOTHING, ...rules } }),
  });
  const { requests, nonZeroRequests } = shape;
  const about = { namespace: "default", name: "pod", labels: { app: "web" }, priority: 0, shape };
  const placer = new Placer(state, createRandom("neighbours"));
  const before = process.cpuUsage();
  for (let at = 0; at < pods; at++) {
    const placement = placer.place({ ...about, requests, nonZeroRequests, spec: {} }, strategy);
    if (placement === undefined) throw new Error(`${strategy.name}: no room for pod ${at}`);
    state.assume({ ...about, uid: String(at) }, placement.node);
  }
  const { user, system } = process.cpuUsage(before);
  return (pods * 1e6) / (user + system);
}
