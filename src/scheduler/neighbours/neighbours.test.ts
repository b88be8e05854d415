import fc from "fast-check";
import { expect, test } from "vitest";
import { selects } from "../../api/label-selector.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NeighbourRules, NeighbourTerm, SpreadRule } from "../cache/neighbour-rules.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { NO_CONSTRAINTS, type PodShape, podShape } from "../cache/pod-shape.ts";
import type { Tenant } from "../cache/tenant.ts";
import { NodeChecks } from "../filters/node-checks.ts";
import { nodeSpec, tenant } from "../placement/testing.ts";

/**
 * Goal: the counts that are kept answer as looking at every pod would. Method: random histories of pods and nodes that
 * come, change and go, under random rules, compared with the rules written down plainly.
 */
const term: fc.Arbitrary<NeighbourTerm> = fc
  .record({
    app: fc.constantFrom("a", "b"),
    namespaces: fc.constantFrom(["one"], ["one", "two"]),
    topologyKey: fc.constantFrom("zone", "host"),
  })
  .map(({ app, ...rest }) => signed({ selector: { matchLabels: { app } }, ...rest }));
const spreadRule: fc.Arbitrary<SpreadRule> = fc
  .tuple(term, fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 }))
  .map(([{ signature: _signature, ...about }, maxSkew, minDomains]) => ({
    ...signed({ ...about, namespaces: ["one"], honoursAffinity: true, honoursTaints: false }),
    maxSkew,
    minDomains,
  }));
const terms = fc.array(term, { maxLength: 2 });
const rules = fc
  .record({ affinity: terms, antiAffinity: terms, spread: fc.array(spreadRule, { maxLength: 2 }) })
  .map((some): NeighbourRules => signed({ ...some, preferred: [], preferredSpread: [] }));
const shape: fc.Arbitrary<PodShape> = fc
  .option(rules, { nil: undefined })
  .map((some) => podShape({}, NO_CONSTRAINTS, undefined, { hostPorts: [], rules: some }));
const pod = fc
  .record({
    uid: fc.nat({ max: 8 }).map(String),
    shape,
    app: fc.constantFrom("a", "b", "c"),
    namespace: fc.constantFrom("one", "two"),
    isEnding: fc.boolean(),
  })
  .map(({ uid, shape, app, namespace, isEnding }) =>
    tenant(uid, shape, { namespace, labels: { app }, ...(isEnding && { ending: "deleted" as const }) }),
  );
const nodeName = fc.nat({ max: 4 }).map((at) => `node-${at}`);
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("node" as const),
      nodeName,
      zone: fc.constantFrom(undefined, "x", "y", "z"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), nodeName }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("bind" as const), pod, nodeName }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("forget" as const), uid: fc.nat({ max: 8 }).map(String) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("ask" as const), pod, goes: fc.nat({ max: 8 }).map(String) }),
  },
);

test("counts answer as looking at every pod would, also when pods are thought away", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50, size: "max" }), (steps) => {
      const state = new ClusterState();
      const checks = new NodeChecks(state);
      const places = new Map<string, Placed>();
      for (const step of steps) {
        switch (step.do) {
          case "node": {
            const labels = { host: step.nodeName, ...(step.zone && { zone: step.zone }) };
            state.setNode(nodeSpec(step.nodeName, { cpu: 1, memory: 1, pods: 99 }, { labels }));
            break;
          }
          case "drop":
            state.removeNode(step.nodeName);
            break;
          case "forget":
            state.forget(step.uid);
            places.delete(step.uid);
            break;
          case "bind":
            state.forget(step.pod.uid);
            state.bind(step.pod, step.nodeName);
            places.set(step.pod.uid, { pod: step.pod, nodeName: step.nodeName });
            break;
          case "ask":
            compare(state, checks, [...places.values()], step.pod, step.goes);
        }
      }
    }),
    { numRuns: 400 },
  );
});

interface Placed {
  readonly pod: Tenant;
  readonly nodeName: string;
}

function compare(state: ClusterState, checks: NodeChecks, placed: Placed[], asked: Tenant, goes: string) {
  const { requests, nonZeroRequests } = asked.shape;
  const { namespace, name, labels, priority, shape } = asked;
  const check = checks.of({ namespace, name, labels, priority, shape, requests, nonZeroRequests, spec: {} });
  for (const node of state.nodes) {
    if (node === undefined) continue;
    const all = placed.flatMap(({ pod, nodeName }) => {
      const entry = state.node(nodeName);
      return entry === undefined ? [] : [{ pod, node: entry }];
    });
    expect(check.refusal(node)?.reasons[0]).toBe(plainly(state, all, asked, node));
    const gone = all.filter(({ pod, node: at }) => pod.uid === goes && at === node);
    const left = all.filter((one) => !gone.includes(one));
    expect(check.refusal(node, new Set(gone.map(({ pod }) => pod)))?.reasons[0]).toBe(
      plainly(state, left, asked, node),
    );
  }
}

type There = { readonly pod: Tenant; readonly node: NodeEntry };

/** The rules of PodTopologySpread and InterPodAffinity, as slow and as plain as can be. */
function plainly(state: ClusterState, all: There[], asked: Tenant, node: NodeEntry): string | undefined {
  const { spread = [], affinity = [], antiAffinity = [] } = asked.shape.rules ?? {};
  const nodes = state.nodes.filter((one) => one !== undefined);
  const isAbout = (term: NeighbourTerm, pod: Tenant) =>
    term.namespaces.includes(pod.namespace) && selects(term.selector ?? {}, pod.labels);
  const isTogether = (key: string, a: NodeEntry, b: NodeEntry) =>
    a.labels[key] !== undefined && a.labels[key] === b.labels[key];
  for (const rule of spread) {
    const key = rule.topologyKey;
    if (node.labels[key] === undefined) {
      return "node(s) didn't match pod topology spread constraints (missing required label)";
    }
    const counted = nodes.filter((one) =>
      spread.every(({ topologyKey }) => one.labels[topologyKey] !== undefined),
    );
    const crowd = (at: NodeEntry) =>
      all.filter(
        ({ pod, node: home }) =>
          pod.ending === undefined &&
          isAbout(rule, pod) &&
          counted.includes(home) &&
          isTogether(key, home, at),
      ).length;
    const domains = new Set(counted.map(({ labels }) => labels[key])).size;
    const least = domains < rule.minDomains ? 0 : Math.min(...counted.map(crowd));
    const self = isAbout(rule, asked) ? 1 : 0;
    if (crowd(node) + self - least > rule.maxSkew)
      return "node(s) didn't match pod topology spread constraints";
  }
  const friends = all.filter(({ pod }) => affinity.every((term) => isAbout(term, pod)));
  if (affinity.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) {
    return "node(s) didn't match pod affinity rules";
  }
  const isMet = affinity.every(({ topologyKey }) =>
    friends.some((one) => isTogether(topologyKey, one.node, node)),
  );
  const isFirst =
    friends.every((one) => affinity.every(({ topologyKey }) => one.node.labels[topologyKey] === undefined)) &&
    affinity.every((term) => isAbout(term, asked));
  if (!isMet && !isFirst) return "node(s) didn't match pod affinity rules";
  for (const term of antiAffinity) {
    if (all.some((one) => isAbout(term, one.pod) && isTogether(term.topologyKey, one.node, node))) {
      return "node(s) didn't match pod anti-affinity rules";
    }
  }
  const isHeldAgainst = ({ pod, node: home }: There) =>
    pod.shape.rules?.antiAffinity.some(
      (term) => isAbout(term, asked) && isTogether(term.topologyKey, home, node),
    ) === true;
  return all.some(isHeldAgainst) ? "node(s) didn't satisfy existing pods anti-affinity rules" : undefined;
}

function signed<T extends object>(parts: T): T & { readonly signature: string } {
  return { signature: JSON.stringify(parts), ...parts };
}
