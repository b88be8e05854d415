import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeSpec, tenant } from "../placement/testing.ts";
import { ClusterState } from "./cluster-state.ts";
import { type PodShape, podShape } from "./pod-shape.ts";

const GPU = "nvidia.com/gpu";
const SIZE = { cpu: 4_000, memory: 8_000, pods: 110 };

/** What a plain map of pods says about a node. */
interface Recount {
  cpu: number;
  memory: number;
  gpu: number;
  pods: number;
}

const uid = fc.nat({ max: 12 }).map((at) => `uid-${at}`);
const nodeName = fc.nat({ max: 4 }).map((at) => `node-${at}`);
const shape = fc
  .record({ cpu: fc.nat({ max: 900 }), memory: fc.nat({ max: 900 }), [GPU]: fc.nat({ max: 2 }) })
  .map((requests) => podShape(requests));
const step = fc.oneof(
  fc.record({ do: fc.constant("assume" as const), uid, shape, nodeName }),
  fc.record({ do: fc.constant("bind" as const), uid, shape, nodeName }),
  fc.record({ do: fc.constant("confirm" as const), uid }),
  fc.record({ do: fc.constant("forget" as const), uid }),
  fc.record({ do: fc.constant("add node" as const), nodeName, order: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant("remove node" as const), nodeName }),
);

test("the sums of every node equal a recount of its pods, whatever happens in which order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const state = new ClusterState();
      const bound = new Map<string, { shape: PodShape; nodeName: string }>();
      for (const step of steps) {
        switch (step.do) {
          case "assume":
            if (bound.has(step.uid)) break;
            assume(state, step.uid, step.shape, step.nodeName);
            if (state.nodeOf(step.uid) !== undefined) bound.set(step.uid, step);
            break;
          case "bind":
            state.bind(tenant(step.uid, step.shape), step.nodeName);
            bound.set(step.uid, step);
            break;
          case "confirm":
            state.confirm(step.uid);
            break;
          case "forget":
            state.forget(step.uid);
            bound.delete(step.uid);
            break;
          case "add node":
            state.setNode(nodeSpec(step.nodeName, SIZE, { order: `${step.order}` }));
            break;
          case "remove node":
            state.removeNode(step.nodeName);
        }
        for (const node of state.nodes) {
          if (node === undefined) continue;
          const { cpu, memory, [GPU]: gpu = 0 } = node.requested;
          expect({ cpu, memory, gpu, pods: node.podCount }).toEqual(recount(bound.values(), node.name));
        }
        expect(state.podsTotal).toBe(bound.size);
        expect(state.nodesTotal).toBe(state.nodes.filter((node) => node !== undefined).length);
      }
    }),
    { numRuns: 300 },
  );
});

/** Pods are placed on nodes that are there only. */
function assume(state: ClusterState, uid: string, shape: PodShape, nodeName: string): void {
  const node = state.node(nodeName);
  if (node !== undefined) state.assume(tenant(uid, shape), node);
}

function recount(bound: Iterable<{ shape: PodShape; nodeName: string }>, nodeName: string): Recount {
  const sum: Recount = { cpu: 0, memory: 0, gpu: 0, pods: 0 };
  for (const pod of bound) {
    if (pod.nodeName !== nodeName) continue;
    sum.cpu += pod.shape.requests.cpu as number;
    sum.memory += pod.shape.requests.memory as number;
    sum.gpu += pod.shape.requests[GPU] ?? 0;
    sum.pods++;
  }
  return sum;
}

describe("order of creation", () => {
  test("nodes stand in it, however they were told", () => {
    const state = new ClusterState();
    for (const order of ["3", "1", "2"]) state.setNode(nodeSpec(`node-${order}`, SIZE, { order }));
    expect(state.nodes.map((node) => node?.name)).toEqual(["node-1", "node-2", "node-3"]);
  });

  test("a node that is created again goes to the end and keeps the pods bound to its name", () => {
    const state = new ClusterState();
    for (const order of ["1", "2"]) state.setNode(nodeSpec(`node-${order}`, SIZE, { order }));
    state.bind(tenant("pod", podShape({ cpu: 500 })), "node-1");
    state.setNode(nodeSpec("node-1", SIZE, { order: "3" }));
    const nodes = state.nodes.filter((node) => node !== undefined);
    expect(nodes.map((node) => node.name)).toEqual(["node-2", "node-1"]);
    expect(state.node("node-1")?.requested.cpu).toBe(500);
  });

  test("holes that removed nodes leave are closed when they are many", () => {
    const state = new ClusterState();
    for (let at = 100; at < 300; at++) state.setNode(nodeSpec(`node-${at}`, SIZE));
    for (let at = 100; at < 290; at++) state.removeNode(`node-${at}`);
    expect(state.nodes.length).toBeLessThan(100);
    expect(state.nodesTotal).toBe(10);
  });
});

test("a pod takes its room once, and is not taken twice by mistake", () => {
  const state = new ClusterState();
  const node = state.setNode(nodeSpec("node", SIZE));
  const shape = podShape({ cpu: 500 });
  state.assume(tenant("uid", shape), node);
  expect(() => state.assume(tenant("uid", shape), node)).toThrow("pod uid is accounted for already");
  expect(state.bind(tenant("uid", shape), "node")).toBeUndefined();
  expect(state.node("node")?.requested.cpu).toBe(500);
  expect(state.isAssumed("uid")).toBe(false);
  expect(state.forget("uid")?.name).toBe("node");
  expect(state.forget("uid")).toBeUndefined();
  expect(state.node("node")?.requested.cpu).toBe(0);
});
