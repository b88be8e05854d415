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

test("a pod that comes to others which wait for the same hears why too", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addPod("first", { cpu: "2" });
  await cluster.settle();
  await cluster.addPod("second", { cpu: "2" });
  await cluster.settle();
  expect(await cluster.messages("second")).toEqual(["no nodes available to schedule pods"]);
  expect(await cluster.messages("first")).toEqual(["no nodes available to schedule pods"]);
});

test("room that others hold may be freed, room that is not there may not: preemption says so", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("full", { cpu: "4", memory: "1Gi" });
  await cluster.addNode("small", { cpu: "1", memory: "1Gi" });
  await cluster.addNode("cordoned", { cpu: "8", memory: "1Gi" }, { spec: { unschedulable: true } });
  await cluster.addPod("holds", { cpu: "3" });
  await cluster.settle();
  await cluster.addPod("waits", { cpu: "2" });
  await cluster.addPod("polite", { cpu: "2" }, { spec: { preemptionPolicy: "Never" } });
  await cluster.settle();
  const filters = "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.";
  expect(await cluster.messages("waits")).toEqual([
    `${filters} preemption: 0/3 nodes are available: ` +
      "1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
  ]);
  expect(await cluster.messages("polite")).toEqual([
    `${filters} preemption: not eligible due to preemptionPolicy=Never.`,
  ]);
});

test("reasons are sorted as strings, their counts included", async () => {
  const cluster = await SchedulerUnderTest.start();
  for (let at = 0; at < 10; at++) await cluster.addNode(`small-${at}`, { cpu: "1", memory: "8Gi" });
  for (let at = 0; at < 2; at++) {
    const taints = [{ key: "k", value: "v", effect: "NoSchedule" as const }];
    await cluster.addNode(`tainted-${at}`, { cpu: "8", memory: "8Gi" }, { spec: { taints } });
  }
  await cluster.addPod("waits", { cpu: "2" });
  await cluster.settle();
  expect((await cluster.messages("waits"))[0]).toMatch(
    /^0\/12 nodes are available: 10 Insufficient cpu, 2 node\(s\) had untolerated taint \{k: v\}\. /,
  );
});

test("a node takes no more pods than it allows, 110 when it does not say", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("three", { cpu: "64", memory: "8Gi", pods: "3" });
  for (let at = 0; at < 4; at++) await cluster.addPod(`pod-${at}`, { cpu: "1m" });
  await cluster.settle();
  expect((await cluster.messages("pod-3"))[0]).toContain("0/1 nodes are available: 1 Too many pods.");
  await cluster.addNode("default", { cpu: "64", memory: "8Gi" });
  for (let at = 4; at < 115; at++) await cluster.addPod(`pod-${at}`, { cpu: "1m" });
  await cluster.settle();
  const waiting = Object.values(await cluster.places()).filter((place) => place === "-");
  expect(waiting.length).toBe(2);
});

test("a pod pinned to a node by name goes there or waits", async () => {
  const cluster = await SchedulerUnderTest.start();
  for (const name of ["a", "b"]) await cluster.addNode(name, { cpu: "2", memory: "8Gi" });
  const pinned = (...values: string[]) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In" as const, values }] }],
        },
      },
    },
  });
  await cluster.addPod("goes", { cpu: "2" }, { spec: pinned("b") });
  await cluster.settle();
  await cluster.addPod("waits", { cpu: "2" }, { spec: pinned("b") });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ goes: "b", waits: "-" });
  expect((await cluster.messages("waits"))[0]).toContain(
    "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity].",
  );
});
