import { describe, expect, test } from "vitest";
import type { NodeTaint } from "../../api/kinds/node.ts";
import { createRandom } from "../../lib/random.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NodeSpec } from "../cache/node-entry.ts";
import { podShape } from "../cache/pod-shape.ts";
import { Placer } from "../placement/placer.ts";
import { nodeSpec, placeablePod, tenant } from "../placement/testing.ts";
import type { NodeView, PodView } from "../strategy.ts";
import { kubernetes } from "./kubernetes.ts";

const GIB = 2 ** 30;
const SIZE = { cpu: 4_000, memory: 8 * GIB, pods: 110 };
const PREFER_NOT: NodeTaint = { key: "old", effect: "PreferNoSchedule" };

function nodesOf(...rests: (Partial<NodeSpec> & { used?: { cpu: number; memory: number } })[]): NodeView[] {
  const state = new ClusterState();
  for (const [at, { used, ...rest }] of rests.entries()) {
    const node = state.setNode(nodeSpec(`node-${at}`, SIZE, rest));
    if (used !== undefined) state.assume(tenant(`pod-${at}`, podShape(used)), node);
  }
  return state.nodes.filter((node) => node !== undefined);
}

function scores(pod: PodView, nodes: readonly NodeView[]): number[] {
  const context = { random: createRandom(1), placements: 0, lastIndex: -1, nodesTotal: nodes.length };
  return Array.from(kubernetes.scoreAll?.(pod, nodes, context) ?? []);
}

describe("weights and formulas of the default profile", () => {
  test("LeastAllocated and BalancedAllocation, worked by hand", () => {
    const nodes = nodesOf({}, { used: { cpu: 2_000, memory: GIB } });
    const pod = placeablePod("pod", { cpu: 1_000, memory: 2 * GIB });
    // Nobody is tainted: 3 x 100. Left: cpu 75 and 25, memory 75 and 62 (62.5 cut). Used: 1/4 and 1/4; 3/4 and 3/8.
    expect(scores(pod, nodes)).toEqual([300 + 75 + 100, 300 + Math.floor((25 + 62) / 2) + 81]);
  });

  test("containers that ask for nothing count as 100m and 200Mi where room is scored, and are not balanced", () => {
    const empty = { ...placeablePod("pod", {}), nonZeroRequests: { cpu: 100, memory: 200 * 2 ** 20 } };
    expect(scores(empty, nodesOf({}))).toEqual([300 + Math.floor((97 + 97) / 2)]);
  });

  test("a node of which more is taken than there is scores 0 for room", () => {
    const nodes = nodesOf({ used: { cpu: 5_000, memory: 9 * GIB } });
    expect(scores(placeablePod("pod", { cpu: 1, memory: 1 }), nodes)).toEqual([300 + 0 + 100]);
  });

  test("TaintToleration counts PreferNoSchedule taints, turned round and scaled to the worst candidate", () => {
    const other = { ...PREFER_NOT, key: "slow" };
    const [none, one, two] = scores(
      placeablePod("pod", { cpu: 1_000, memory: GIB }),
      nodesOf({}, { taints: [PREFER_NOT] }, { taints: [PREFER_NOT, other] }),
    ) as [number, number, number];
    expect([none - one, none - two]).toEqual([150, 300]);
  });

  test("a tolerated taint does not count", () => {
    const pod = {
      ...placeablePod("pod", { cpu: 1_000 }),
      spec: { tolerations: [{ key: "old", operator: "Exists" as const }] },
    };
    const [tainted, plain] = scores(pod, nodesOf({ taints: [PREFER_NOT] }, {}));
    expect(tainted).toBe(plain);
  });

  test("NodeAffinity adds the weights of preferred terms, scaled to the best candidate, twice", () => {
    const prefers = (weight: number, key: string) => ({
      weight,
      preference: { matchExpressions: [{ key, operator: "Exists" as const }] },
    });
    const preferredDuringSchedulingIgnoredDuringExecution = [prefers(60, "ssd"), prefers(20, "fast")];
    const pod = {
      ...placeablePod("pod", { cpu: 1_000 }),
      spec: { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution } } },
    };
    const nodes = nodesOf({}, { labels: { fast: "" } }, { labels: { fast: "", ssd: "" } });
    const [none, fast, both] = scores(pod, nodes) as [number, number, number];
    expect([fast - none, both - none]).toEqual([50, 200]);
  });
});

test.each([
  [99, 99],
  [100, 100],
  [1_000, 420],
  [5_000, 500],
  [10_000, 500],
  [16_000, 800],
  [100_000, 800],
])("of %i nodes %i are compared", (nodes, compared) => {
  expect(kubernetes.enough?.(nodes)).toBe(compared);
});

test("the search for nodes to compare goes on where it ended, so that every node has its turn", () => {
  const state = new ClusterState();
  for (let at = 0; at < 200; at++) state.setNode(nodeSpec(`node-${1_000 + at}`, SIZE));
  const placer = new Placer(state, createRandom("turns"));
  const seen = new Set<number>();
  for (let at = 0; at < 2; at++) {
    const placement = placer.place(placeablePod(`pod-${at}`, { cpu: 1_000 }), kubernetes);
    expect(placement?.feasible).toBe(100);
    for (const { node } of placement?.top ?? []) seen.add(Math.floor(node.index / 100));
  }
  expect(seen.size).toBe(2);
});

test("ties are broken by the seed, and not always the same way", () => {
  const winners = ["a", "b", "c", "d", "e", "f"].map((seed) => {
    const state = new ClusterState();
    for (let at = 0; at < 8; at++) state.setNode(nodeSpec(`node-${at}`, SIZE));
    return new Placer(state, createRandom(seed)).place(placeablePod("pod", { cpu: 1 }), kubernetes)?.node
      .name;
  });
  expect(new Set(winners).size).toBeGreaterThan(2);
});
