import fc from "fast-check";
import { expect, test } from "vitest";
import { GPU_MILLI } from "../../api/gpu.ts";
import { nodeSpec, tenant } from "../placement/testing.ts";
import { ClusterState } from "./cluster-state.ts";
import { podShape } from "./pod-shape.ts";

const SIZE = { cpu: 64_000, memory: 0, pods: 100 };

function clusterWith(gpuMilli: number) {
  const state = new ClusterState();
  const node = state.setNode(nodeSpec("node", { ...SIZE, [GPU_MILLI]: gpuMilli }));
  const bind = (uid: string, milli: number, devices?: readonly number[]) =>
    state.bind(tenant(uid, podShape({ [GPU_MILLI]: milli }), { ...(devices && { devices }) }), "node");
  return { state, node, bind, left: () => node.gpus?.left };
}

test("pods take the devices that are recorded on them, and give them back", () => {
  const { state, bind, left } = clusterWith(3_000);
  bind("share", 300, [1]);
  bind("whole", 2_000, [0, 2]);
  expect(left()).toEqual([0, 700, 0]);
  state.forget("whole");
  expect(left()).toEqual([1_000, 700, 1_000]);
});

test("a pod bound by somebody who did not say where gets the best fit, the lower index of equals", () => {
  const { bind, left } = clusterWith(3_000);
  bind("a", 300);
  bind("b", 600);
  bind("c", 500);
  bind("d", 1_000, [0, 1]);
  expect(left()).toEqual([100, 500, 0]);
});

test("more than there is leaves less than nothing, and what a node loses is not given back", () => {
  const { state, bind, left } = clusterWith(2_000);
  bind("a", 2_000);
  bind("b", 400, [7]);
  state.setNode(nodeSpec("node", { ...SIZE, [GPU_MILLI]: 1_500 }));
  expect(left()).toEqual([0, -500, 0, 0, 0, 0, 0, -400]);
  state.removeNode("node");
  state.forget("a");
  const again = state.setNode(nodeSpec("node", { ...SIZE, [GPU_MILLI]: 2_000 }));
  expect(again.gpus?.left.slice(0, 2)).toEqual([1_000, 1_000]);
  expect(again.gpus?.left[7]).toBe(-400);
});

test("whatever comes and goes, devices and the node's sum say the same", () => {
  const milli = fc.oneof(
    fc.integer({ min: 1, max: 999 }),
    fc.integer({ min: 1, max: 3 }).map((n) => n * 1_000),
  );
  const step = fc.record({ uid: fc.nat({ max: 9 }).map(String), milli, goes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { state, node, bind, left } = clusterWith(4_000);
      for (const { uid, milli, goes } of steps) {
        if (goes) state.forget(uid);
        else bind(uid, milli);
        const sum = (left() ?? []).reduce((total, free) => total + free, 0);
        expect(sum).toBe(4_000 - (node.requested[GPU_MILLI] ?? 0));
      }
    }),
  );
});
