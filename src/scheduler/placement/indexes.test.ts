import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GPU_MILLI } from "../../api/gpu.ts";
import { createRandom } from "../../lib/random.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import { type Constraints, NO_CONSTRAINTS } from "../cache/pod-shape.ts";
import { refusal } from "../filters/registry.ts";
import { STRATEGIES } from "../strategies/registry.ts";
import type { Strategy } from "../strategy.ts";
import { Placer } from "./placer.ts";
import { nodeSpec, placeablePod, tenant } from "./testing.ts";

/**
 * Goal: an index gives the very node that scoring every node would, whatever happened before. Method: random histories
 * of nodes that come, change and go and pods that come and go, on a placer with indexes and one without.
 */
const SSD: Constraints = { signature: "ssd", nodeSelector: { disk: "ssd" }, tolerations: [] };
const GPU = "nvidia.com/gpu";

type Step =
  | {
      readonly do: "node";
      readonly at: number;
      readonly cpu: number;
      readonly memory: number;
      readonly ssd: boolean;
    }
  | { readonly do: "cordon"; readonly at: number }
  | { readonly do: "drop"; readonly at: number }
  | { readonly do: "end"; readonly at: number }
  | { readonly do: "pod"; readonly requests: Record<string, number>; readonly ssd: boolean };

const at = fc.nat({ max: 40 });
const node = fc.record({
  do: fc.constant("node" as const),
  at,
  cpu: fc.constantFrom(1_000, 2_000, 4_000),
  memory: fc.constantFrom(0, 100, 200),
  ssd: fc.boolean(),
});
const pod = fc.record({
  do: fc.constant("pod" as const),
  requests: fc.record(
    {
      cpu: fc.nat({ max: 1_500 }),
      memory: fc.nat({ max: 60 }),
      [GPU]: fc.nat({ max: 1 }),
      [GPU_MILLI]: fc.constantFrom(200, 400, 500, 700, 1_000, 2_000, 3_000),
    },
    { requiredKeys: ["cpu"] },
  ),
  ssd: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: node },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cordon" as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("end" as const), at: fc.nat() }) },
  { weight: 12, arbitrary: pod },
);
const history = fc.array(step, { maxLength: 120, size: "max" });

const exact = STRATEGIES.filter(({ order }) => order !== undefined && order.by !== "chance");

describe.each(exact.map((strategy) => [strategy.name, strategy] as const))("%s", (_name, strategy) => {
  test("by index and by scanning choose the same node", () => {
    const { name, summary, score } = strategy;
    fc.assert(
      fc.property(history, (steps) => {
        expect(run(steps, strategy)).toEqual(run(steps, { name, summary, score }));
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))("%s", (_name, strategy) => {
  test("places whatever fits and nothing that does not", () => {
    fc.assert(
      fc.property(history, (steps) => {
        run(steps, strategy, true);
      }),
      { numRuns: 80 },
    );
  });

  test("the same seed chooses the same nodes", () => {
    fc.assert(
      fc.property(history, (steps) => {
        expect(run(steps, strategy)).toEqual(run(steps, strategy));
      }),
      { numRuns: 20 },
    );
  });
});

/** Plays a history. @returns where the pods went */
function run(steps: readonly Step[], strategy: Strategy, check = false): (string | undefined)[] {
  const state = new ClusterState();
  const placer = new Placer(state, createRandom("indexes"));
  const placed: string[] = [];
  return steps.map((step, number) => {
    if (step.do !== "pod") return void change(state, step, placed);
    const pod = placeablePod(`pod-${number}`, step.requests, step.ssd ? SSD : NO_CONSTRAINTS);
    const feasible = state.nodes.filter((node) => node && refusal(pod.shape, node) === undefined);
    const placement = placer.place(pod, strategy);
    const chosen = placement?.node;
    if (check) expect(chosen === undefined ? feasible.length === 0 : feasible.includes(chosen)).toBe(true);
    if (chosen === undefined) return undefined;
    const devices = placement?.devices;
    if (check) expect(devices?.length).toBe(pod.gpu?.devices);
    state.assume(tenant(pod.name, pod.shape, { ...(devices && { devices }) }), chosen);
    if (check) expect(Math.min(0, ...(chosen.gpus?.left ?? []))).toBe(0);
    placed.push(pod.name);
    return `${chosen.name} ${devices ?? ""}`;
  });
}

function change(state: ClusterState, step: Exclude<Step, { do: "pod" }>, placed: string[]): void {
  // Not in order of creation on purpose: names come in any order.
  const name = `node-${step.at}`;
  switch (step.do) {
    case "node": {
      const gpus = { [GPU]: step.at % 3, [GPU_MILLI]: (step.at % 4) * 1_000 };
      const allocatable = { cpu: step.cpu, memory: step.memory, pods: 4, ...gpus };
      state.setNode(nodeSpec(name, allocatable, { labels: step.ssd ? { disk: "ssd" } : {} }));
      return;
    }
    case "cordon": {
      const known = state.node(name);
      if (known === undefined) return;
      state.setNode(
        nodeSpec(name, known.allocatable, { labels: known.labels, unschedulable: !known.unschedulable }),
      );
      return;
    }
    case "drop":
      state.removeNode(name);
      return;
    case "end": {
      const [uid] = placed.splice(step.at % (placed.length + 1), 1);
      if (uid !== undefined) state.forget(uid);
    }
  }
}

test("random gives every node with room the same chance", () => {
  const random = STRATEGIES.find(({ name }) => name === "random") as Strategy;
  for (const fitting of [1, 3, 40]) {
    const state = new ClusterState();
    for (let at = 0; at < 2_000; at++) {
      const cpu = at % (2_000 / fitting) < 1 ? 1_000 : 100;
      state.setNode(nodeSpec(`node-${String(at).padStart(4, "0")}`, { cpu, memory: 0, pods: 9 }));
    }
    const placer = new Placer(state, createRandom(`chance ${fitting}`));
    const counts = new Map<string, number>();
    const draws = 200 * fitting;
    for (let draw = 0; draw < draws; draw++) {
      const name = placer.place(placeablePod(`pod-${draw}`, { cpu: 500 }), random)?.node.name as string;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(counts.size).toBe(fitting);
    const deviation = Math.max(...[...counts.values()].map((count) => Math.abs(count - 200)));
    // Five standard deviations of a binomial with mean 200.
    expect(deviation).toBeLessThan(5 * Math.sqrt(200));
  }
});

test("more kinds of pods than there are indexes are placed by scanning, to the same nodes", () => {
  const state = new ClusterState();
  for (let at = 0; at < 50; at++) {
    state.setNode(nodeSpec(`node-${at}`, { cpu: 1_000, memory: 0, pods: 9 }, { labels: { kind: `${at}` } }));
  }
  const placer = new Placer(state, createRandom("kinds"));
  const firstFit = STRATEGIES[0] as Strategy;
  for (let round = 0; round < 2; round++) {
    for (let kind = 0; kind < 50; kind++) {
      const constraints = { signature: `${kind}`, nodeSelector: { kind: `${kind}` }, tolerations: [] };
      const pod = placeablePod("pod", { cpu: 1 }, constraints);
      expect(placer.place(pod, firstFit)?.node.name).toBe(`node-${kind}`);
    }
  }
});
