import { expect, it } from "vitest";
import type { Container } from "../api/kinds/pod.ts";
import { podRequests } from "./pod-requests.ts";

function container(cpu: string, rest: Partial<Container> = {}): Container {
  return { name: "c", resources: { requests: { cpu } }, ...rest };
}

it("counts a pod as the scheduler does: sidecars with the init containers after them, and one place", () => {
  const initContainers = [container("1", { restartPolicy: "Always" }), container("4")];
  expect(podRequests({ containers: [container("2")], initContainers })).toEqual({ cpu: 5_000, pods: 1 });
});

it("knows pods with one container that asks for the same again", () => {
  const spec = { containers: [container("250m")] };
  expect(podRequests(spec)).toEqual({ cpu: 250, pods: 1 });
  expect(podRequests({ containers: [container("250m")] })).toBe(podRequests(spec));
});
