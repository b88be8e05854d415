import fc from "fast-check";
import { expect, test } from "vitest";
import { selects } from "../../api/label-selector.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NeighbourRules, NeighbourTerm, SpreadRule, WeightedTerm } from "../cache/neighbour-rules.ts";
import { NO_CONSTRAINTS, podShape } from "../cache/pod-shape.ts";
import type { Tenant } from "../cache/tenant.ts";
import { nodeSpec, placeablePod, tenant } from "../placement/testing.ts";
import type { NodeView } from "../strategy.ts";
import { Neighbours } from "./neighbours.ts";
import { affinityScores, spreadScores, type Wishes } from "./wishes.ts";

/**
 * Goal: scores for what pods wish for are those of the formulas of kube-scheduler, worked out from every pod anew.
 * Method: random clusters under random wishes, the formulas written down plainly.
 */
const HOST = "kubernetes.io/hostname";
const keys = fc.constantFrom("zone", HOST);
const signed = <T extends object>(parts: T) => ({ signature: JSON.stringify(parts), ...parts });
const term: fc.Arbitrary<NeighbourTerm> = fc
  .record({ app: fc.constantFrom("a", "b"), topologyKey: keys })
  .map(({ app, topologyKey }) =>
    signed({ selector: { matchLabels: { app } }, namespaces: ["default"], topologyKey }),
  );
const weighted: fc.Arbitrary<WeightedTerm> = fc.record({ term, weight: fc.integer({ min: -9, max: 9 }) });
const spreadRule: fc.Arbitrary<SpreadRule> = fc
  .tuple(term, fc.integer({ min: 1, max: 4 }))
  .map(([{ signature: _, ...about }, maxSkew]) => ({
    ...signed({ ...about, honoursAffinity: true, honoursTaints: false }),
    maxSkew,
    minDomains: 1,
  }));
const rules: fc.Arbitrary<NeighbourRules> = fc
  .record({
    affinity: fc.array(term, { maxLength: 1 }),
    preferred: fc.array(weighted, { maxLength: 2 }),
    preferredSpread: fc.array(spreadRule, { maxLength: 2 }),
  })
  .map((some) => signed({ ...some, antiAffinity: [], spread: [] }));
const app = fc.constantFrom("a", "b", "c");
const cluster = fc.record({
  nodes: fc.array(fc.constantFrom(undefined, "x", "y", "z"), { minLength: 1, maxLength: 5 }),
  pods: fc.array(fc.record({ app, rules, on: fc.nat({ max: 4 }), isEnding: fc.boolean() }), { maxLength: 9 }),
  incoming: fc.record({ app, rules }),
});

interface Placed {
  readonly pod: Tenant;
  readonly node: NodeView;
  readonly rules: NeighbourRules;
}

const matches = ({ selector }: NeighbourTerm, labels: Readonly<Record<string, string>>) =>
  selector !== undefined && selects(selector, labels);
const isSamePlace = (key: string, one: NodeView, other: NodeView) =>
  one.labels[key] !== undefined && one.labels[key] === other.labels[key];

function naiveAffinity(
  own: NeighbourRules,
  labels: Readonly<Record<string, string>>,
  placed: readonly Placed[],
  nodes: readonly NodeView[],
): number[] {
  const sums = nodes.map((node) => {
    let sum = 0;
    for (const { pod, node: at, rules: theirs } of placed) {
      for (const { term, weight } of own.preferred) {
        if (matches(term, pod.labels) && isSamePlace(term.topologyKey, node, at)) sum += weight;
      }
      const held = [...theirs.affinity.map((term) => ({ term, weight: 1 })), ...theirs.preferred];
      for (const { term, weight } of held) {
        if (matches(term, labels) && isSamePlace(term.topologyKey, node, at)) sum += weight;
      }
    }
    return sum;
  });
  const [least, most] = [Math.min(0, ...sums), Math.max(0, ...sums)];
  return sums.map((sum) => (most === least ? 0 : Math.trunc((100 * (sum - least)) / (most - least))));
}

function naiveSpread(own: NeighbourRules, placed: readonly Placed[], nodes: readonly NodeView[]): number[] {
  const { preferredSpread } = own;
  const counts = (node: NodeView) =>
    preferredSpread.every((rule) => node.labels[rule.topologyKey] !== undefined);
  const scored = nodes.filter(counts);
  const raw = nodes.map((node) => {
    if (!counts(node)) return undefined;
    let sum = 0;
    for (const rule of preferredSpread) {
      const { topologyKey } = rule;
      const there = placed.filter(
        ({ pod, node: at }) =>
          pod.ending === undefined &&
          counts(at) &&
          matches(rule, pod.labels) &&
          isSamePlace(topologyKey, node, at),
      );
      const places = new Set(scored.map(({ labels }) => labels[topologyKey])).size;
      sum += there.length * Math.log(places + 2) + rule.maxSkew - 1;
    }
    return Math.round(sum);
  });
  const known = raw.filter((sum) => sum !== undefined);
  const [least, most] = [Math.min(...known), Math.max(0, ...known)];
  return raw.map((sum) => {
    if (sum === undefined) return 0;
    return most === 0 ? 100 : Math.floor((100 * (most + least - sum)) / most);
  });
}

test("wishes are scored as the formulas say, from every pod", () => {
  fc.assert(
    fc.property(cluster, ({ nodes: zones, pods, incoming }) => {
      const state = new ClusterState();
      const neighbours = new Neighbours(state);
      const nodes = zones.map((zone, at) => {
        const labels = { [HOST]: `node-${at}`, ...(zone !== undefined && { zone }) };
        return state.setNode(nodeSpec(`node-${at}`, {}, { labels }));
      });
      const shapeOf = (some: NeighbourRules) =>
        podShape({}, NO_CONSTRAINTS, undefined, { hostPorts: [], rules: some });
      const placed = pods.map(({ app, rules, on, isEnding }, at): Placed => {
        const node = nodes[on % nodes.length] as (typeof nodes)[number];
        const ending = isEnding ? { ending: "deleted" as const } : {};
        const pod = tenant(`pod-${at}`, shapeOf(rules), { labels: { app }, ...ending });
        state.bind(pod, node.name);
        return { pod, node, rules };
      });
      const labels = { app: incoming.app };
      const pod = { ...placeablePod("new", {}), labels, shape: shapeOf(incoming.rules) };
      const wishes: Wishes = neighbours.wishesOf(pod) ?? { terms: [], spreads: [], isByDefault: false };
      expect([...affinityScores(wishes, nodes)]).toEqual(
        naiveAffinity(incoming.rules, labels, placed, nodes),
      );
      if (incoming.rules.preferredSpread.length === 0) return;
      expect([...spreadScores(wishes, nodes)]).toEqual(naiveSpread(incoming.rules, placed, nodes));
    }),
    { seed: 7, numRuns: 300 },
  );
});
