import fc from "fast-check";
import { expect, test } from "vitest";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { podShape } from "../cache/pod-shape.ts";
import { nodeSpec, tenant } from "../placement/testing.ts";
import { Occupants } from "./reservation.ts";

const RESOURCES = ["cpu", "memory", "gpu"] as const;

const demand = fc.record({ cpu: fc.nat({ max: 4 }), memory: fc.nat({ max: 4 }), gpu: fc.nat({ max: 2 }) });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ demand, node: fc.nat({ max: 1 }), endsAtMs: fc.nat({ max: 20 }) }),
  },
  fc.record({ gone: fc.nat() }),
);

interface Occupied {
  readonly uid: string;
  readonly node: NodeEntry;
  readonly asked: Readonly<Record<string, number>>;
  readonly endsAtMs: number;
}

/** What a look at every instant at which somebody ends finds. */
function plainly(
  wants: Readonly<Record<string, number>>,
  nodes: readonly NodeEntry[],
  all: readonly Occupied[],
) {
  const instants = [...new Set(all.map(({ endsAtMs }) => endsAtMs))].sort((a, b) => a - b);
  for (const atMs of instants) {
    for (const node of nodes) {
      const ended = all.filter((one) => one.node === node && one.endsAtMs <= atMs);
      if (!ended.some(({ endsAtMs }) => endsAtMs === atMs)) continue;
      const left = (name: string) =>
        ended.reduce((sum, { asked }) => sum + (asked[name] ?? 0), node.free(name)) - (wants[name] ?? 0);
      const hasRoom = RESOURCES.every((name) => (wants[name] ?? 0) === 0 || left(name) >= 0);
      if (hasRoom && node.podCount - ended.length < node.maxPods) {
        return { node: node.name, atMs, left: RESOURCES.map(left) };
      }
    }
  }
  return undefined;
}

test("room is reserved where and when a look at every end finds it, whoever came and went", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: "max" }), demand, (steps, wants) => {
      const state = new ClusterState();
      const nodes = ["a", "b"].map((name) =>
        state.setNode(nodeSpec(name, { cpu: 9, memory: 9, gpu: 4, pods: 7 })),
      );
      const occupants = new Occupants(state);
      const all: Occupied[] = [];
      for (const [at, step] of steps.entries()) {
        if ("gone" in step) {
          const [gone] = all.splice(step.gone % Math.max(1, all.length), 1);
          if (gone !== undefined) state.forget(gone.uid);
          continue;
        }
        const { demand: asked, endsAtMs } = step;
        const node = nodes[step.node] as NodeEntry;
        const uid = `${at}`;
        const shape = podShape(asked);
        state.assume(tenant(uid, shape), node);
        occupants.add({ uid, node, shape, endsAtMs });
        // It is described anew, as when it is seen bound.
        state.bind(tenant(uid, shape, { startedAtMs: at }), node.name);
        all.push({ uid, node, asked, endsAtMs });
      }
      const found = occupants.reserve(podShape(wants));
      const { spare } = found ?? {};
      const left = RESOURCES.map((name) => spare?.get(name) ?? found?.node.free(name));
      expect(found && { node: found.node.name, atMs: found.atMs, left }).toEqual(plainly(wants, nodes, all));
    }),
    { numRuns: 150 },
  );
});
