import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../lib/random.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NeighbourRules, NeighbourTerm } from "../cache/neighbour-rules.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { NO_CONSTRAINTS, podShape } from "../cache/pod-shape.ts";
import { NodeChecks } from "../filters/node-checks.ts";
import { STRATEGIES } from "../strategies/registry.ts";
import type { ScoreContext, Strategy } from "../strategy.ts";
import { Placer } from "./placer.ts";
import type { PlaceablePod } from "./pod.ts";
import { nodeSpec, tenant } from "./testing.ts";

/**
 * Goal: for pods with rules about each other an index gives the very node that scoring every node would. Method: random
 * histories on enough nodes that those which are refused wear out the patience of the plain index, with and without.
 */
const NODES = 72;

const term: fc.Arbitrary<NeighbourTerm> = fc
  .record({ app: fc.constantFrom("a", "b"), topologyKey: fc.constantFrom("zone", "rack", "host") })
  .map(({ app, topologyKey }) =>
    signed({ selector: { matchLabels: { app } }, namespaces: ["default"], topologyKey }),
  );
const spread = fc
  .tuple(term, fc.integer({ min: 1, max: 2 }))
  .map(([{ signature: _, ...about }, maxSkew]) => ({
    ...signed({ ...about, honoursAffinity: true, honoursTaints: false }),
    maxSkew,
    minDomains: 1,
  }));
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 2 });
const rules = fc
  .record({ affinity: some(term), antiAffinity: some(term), spread: some(spread) })
  .map((given): NeighbourRules => signed({ ...given, preferred: [], preferredSpread: [] }));
const hostPorts = fc.constantFrom([], [], [{ ip: "", protocol: "TCP", port: 80 }]);
const pod = fc.record({
  do: fc.constant("pods" as const),
  app: fc.constantFrom("a", "b", "c"),
  rules: fc.nat({ max: 2 }),
  hostPorts,
  cpu: fc.constantFrom(100, 400),
  count: fc.integer({ min: 1, max: 25 }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: pod },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("end" as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), at: fc.nat({ max: NODES }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("node" as const),
      at: fc.nat({ max: NODES }),
      zone: fc.constantFrom("x", "y", undefined),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const scene = fc.record({
  kinds: fc.array(rules, { minLength: 3, maxLength: 3 }),
  steps: fc.array(step, { maxLength: 16, size: "max" }),
});

const ordered = STRATEGIES.filter(({ order }) => order !== undefined && order.by !== "chance");

describe.each(ordered.map((strategy) => [strategy.name, strategy] as const))("%s", (_name, strategy) => {
  test("by place, by scanning and by asking every node choose the same", () => {
    fc.assert(
      fc.property(scene, ({ kinds, steps }) => compare(kinds, steps, strategy)),
      { numRuns: 30 },
    );
  });
});

function compare(kinds: readonly NeighbourRules[], steps: readonly Step[], strategy: Strategy): void {
  const { name, summary, score } = strategy;
  const state = new ClusterState();
  for (let at = 0; at < NODES; at++) setNode(state, at, at % 3 === 0 ? "x" : "y");
  const checks = new NodeChecks(state);
  const byIndex = new Placer(state, createRandom("by place"));
  const byScan = new Placer(state, createRandom("by place"));
  const placed: string[] = [];
  for (const [number, step] of steps.entries()) {
    if (step.do !== "pods") {
      change(state, step, placed);
      continue;
    }
    const rules = kinds[step.rules] as NeighbourRules;
    const shape = podShape({ cpu: step.cpu }, NO_CONSTRAINTS, undefined, {
      hostPorts: step.hostPorts,
      rules,
    });
    const { requests, nonZeroRequests } = shape;
    const labels = { app: step.app };
    for (let at = 0; at < step.count; at++) {
      const pod = { namespace: "default", name: "pod", labels, priority: 0, shape };
      const asked = { ...pod, requests, nonZeroRequests, spec: {} };
      const chosen = byIndex.place(asked, strategy)?.node;
      expect(byScan.place(asked, { name, summary, score })?.node).toBe(chosen);
      expect(plainly(state, checks, asked, strategy, byIndex.context)).toBe(chosen);
      if (chosen === undefined) break;
      state.assume(tenant(`${number}-${at}`, shape, { labels }), chosen);
      placed.push(`${number}-${at}`);
    }
  }
}

/** The node with the highest score of all that no filter refuses, one after the other. */
function plainly(
  state: ClusterState,
  checks: NodeChecks,
  pod: PlaceablePod,
  { score }: Strategy,
  context: ScoreContext,
): NodeEntry | undefined {
  const check = checks.of(pod);
  let best: { readonly node: NodeEntry; readonly score: number } | undefined;
  for (const node of state.nodes) {
    if (node === undefined || check.refusal(node) !== undefined) continue;
    const its = score(pod, node, context);
    if (best === undefined || its > best.score) best = { node, score: its };
  }
  return best?.node;
}

function change(state: ClusterState, step: Exclude<Step, { do: "pods" }>, placed: string[]): void {
  if (step.do === "drop") state.removeNode(`node-${step.at}`);
  else if (step.do === "node") setNode(state, step.at, step.zone);
  else {
    const [uid] = placed.splice(step.at % (placed.length + 1), 1);
    if (uid !== undefined) state.forget(uid);
  }
}

function setNode(state: ClusterState, at: number, zone: string | undefined): void {
  const name = `node-${at}`;
  const labels = { host: name, rack: `rack-${at % 20}`, ...(zone && { zone }) };
  state.setNode(nodeSpec(name, { cpu: at % 2 === 0 ? 1_000 : 1_500, memory: 0, pods: 9 }, { labels }));
}

function signed<T extends object>(parts: T): T & { readonly signature: string } {
  return { signature: JSON.stringify(parts), ...parts };
}
