import { expect, test } from "vitest";
import type { Container, PodSpec } from "../api/kinds/pod.ts";
import { podRequests } from "./pod-requests.ts";

const MIB = 2 ** 20;

function container(requests: Record<string, string>, rest: Partial<Container> = {}): Container {
  return { name: "c", resources: { requests }, ...rest };
}

function requestsOf(spec: Partial<PodSpec>) {
  return podRequests({ containers: [], ...spec }).requests;
}

test("containers are added up, cpu in milli and the rest in base units", () => {
  const containers = [
    container({ cpu: "1500m", memory: "1Gi" }),
    container({ cpu: "1", "nvidia.com/gpu": "2" }),
  ];
  expect(requestsOf({ containers })).toEqual({ cpu: 2_500, memory: 1_024 * MIB, "nvidia.com/gpu": 2 });
});

test("init containers run one after the other: the largest counts when it is more than the containers together", () => {
  const initContainers = [container({ cpu: "3", memory: "1Mi" }), container({ cpu: "1", memory: "9Mi" })];
  const containers = [container({ cpu: "2", memory: "4Mi" })];
  expect(requestsOf({ containers, initContainers })).toEqual({ cpu: 3_000, memory: 9 * MIB });
});

test("restartable init containers count with the containers, and with the init containers after them", () => {
  const sidecar = container({ cpu: "1" }, { restartPolicy: "Always" });
  const containers = [container({ cpu: "2" })];
  expect(requestsOf({ containers, initContainers: [sidecar] })).toEqual({ cpu: 3_000 });
  expect(requestsOf({ containers, initContainers: [sidecar, container({ cpu: "4" })] })).toEqual({
    cpu: 5_000,
  });
  expect(requestsOf({ containers, initContainers: [container({ cpu: "4" }), sidecar] })).toEqual({
    cpu: 4_000,
  });
});

test("overhead comes on top", () => {
  const spec = { containers: [container({ cpu: "1" })], overhead: { cpu: "250m", memory: "1Mi" } };
  expect(requestsOf(spec)).toEqual({ cpu: 1_250, memory: MIB });
});

test("for scores every container that asks for nothing counts as 100m and 200Mi", () => {
  const containers = [container({}), container({ cpu: "1" })];
  expect(podRequests({ containers })).toEqual({
    requests: { cpu: 1_000 },
    nonZeroRequests: { cpu: 1_100, memory: 400 * MIB },
  });
});

test("what is no amount asks for nothing, and no name reaches a prototype", () => {
  const odd = JSON.parse('{"__proto__": "5", "constructor": "5", "cpu": "-5", "memory": "x"}');
  expect(requestsOf({ containers: [container(odd)] })).toEqual({ cpu: 0, memory: 0 });
  expect(({} as Record<string, unknown>).cpu).toBeUndefined();
});
