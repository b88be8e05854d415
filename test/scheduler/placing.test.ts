import { expect, test } from "vitest";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

test("a pod is bound to the first node with room, told so, and explained", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("a", { cpu: "1", memory: "1Gi" });
  await cluster.addNode("b", { cpu: "4", memory: "1Gi" });
  await cluster.addPod("web", { cpu: "2" });
  await cluster.settle();
  expect(await cluster.nodeOf("web")).toBe("b");
  expect(await cluster.messages("web")).toEqual(["Successfully assigned default/web to b"]);
  expect(cluster.decision("web")).toMatchObject({ nodeName: "b", strategy: "first-fit", attempts: 1 });
  expect(cluster.errors).toEqual([]);
});

test("a pod that fits nowhere hears why, in the real scheduler's words", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("small", { cpu: "1", memory: "1Gi" });
  await cluster.addNode("full", { cpu: "4", memory: "1Gi" });
  await cluster.addPod("big", { cpu: "3" });
  await cluster.settle();
  await cluster.addPod("waits", { cpu: "2", memory: "2Gi" });
  await cluster.settle();
  const message =
    "0/2 nodes are available: 2 Insufficient cpu, 2 Insufficient memory. " +
    "preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.";
  expect(await cluster.messages("waits")).toEqual([message]);
  expect(await cluster.scheduledCondition("waits")).toMatchObject({
    status: "False",
    reason: "Unschedulable",
    message,
  });
  expect(cluster.decision("waits")).toMatchObject({
    attempts: 1,
    reasons: [
      { reason: "Insufficient cpu", nodes: 2 },
      { reason: "Insufficient memory", nodes: 2 },
    ],
    largestFree: [
      { resource: "cpu", nodeName: "small", free: 1_000 },
      { resource: "memory", nodeName: "small", free: 2 ** 30 },
    ],
    message,
  });
  expect(cluster.errors).toEqual([]);
});
