import { beforeEach, describe, expect, test } from "vitest";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

const ROOMY = { cpu: "4", memory: "8Gi" };

describe("a pod that found no room is tried again", () => {
  let cluster: SchedulerUnderTest;

  beforeEach(async () => {
    cluster = await SchedulerUnderTest.start();
    await cluster.addNode("node", { cpu: "4", memory: "8Gi" });
    await cluster.addPod("first", { cpu: "3" });
    await cluster.settle();
    await cluster.addPod("waits", { cpu: "2" });
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBeUndefined();
  });

  test("when a pod succeeds", async () => {
    await cluster.finish("first", "Succeeded");
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBe("node");
    expect(cluster.decision("waits")).toMatchObject({ nodeName: "node", attempts: 2 });
  });

  test("when a pod fails", async () => {
    await cluster.finish("first", "Failed");
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBe("node");
  });

  test("when a pod is deleted", async () => {
    await cluster.remove("first");
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBe("node");
  });

  test("when a node joins", async () => {
    await cluster.addNode("new", ROOMY);
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBe("new");
  });

  test("when a node grows", async () => {
    await cluster.changeNode("node", (node) => ({
      ...node,
      status: { ...node.status, capacity: { cpu: "8" }, allocatable: { cpu: "8" } },
    }));
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBe("node");
  });

  test("when the last pod in its way was bound by somebody else and goes", async () => {
    await cluster.remove("first");
    await cluster.addPod("foreign", { cpu: "4" }, { spec: { nodeName: "node" } });
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBeUndefined();
    await cluster.remove("foreign");
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBe("node");
  });
});

describe("a node that may be used again takes what waits", () => {
  test.each([
    ["cordoned", { unschedulable: true }, "True"],
    ["tainted", { taints: [{ key: "k", value: "v", effect: "NoSchedule" }] }, "True"],
    ["not ready", {}, "False"],
    ["silent", {}, "Unknown"],
  ] as const)("when it was %s", async (_was, spec, ready) => {
    const cluster = await SchedulerUnderTest.start();
    await cluster.addNode("node", ROOMY, { spec, ready });
    await cluster.addPod("waits", { cpu: "1" });
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBeUndefined();
    await cluster.changeNode("node", (node) => ({ ...node, spec: {} }));
    await cluster.setReady("node", "True");
    await cluster.settle();
    expect(await cluster.nodeOf("waits")).toBe("node");
  });
});

test("what waits is tried in queue order: higher priority first, then the earlier", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addPod("early", { cpu: "1" });
  await cluster.addPod("late", { cpu: "1" });
  await cluster.addPod("important", { cpu: "1" }, { spec: { priority: 10 } });
  await cluster.settle();
  await cluster.addNode("two", { cpu: "2", memory: "1Gi" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ early: "two", late: "-", important: "two" });
});

test("a pod that was moved keeps the place of the first pod of its line", async () => {
  const cluster = await SchedulerUnderTest.start();
  const first = await cluster.addPod("moved", { cpu: "1" });
  await cluster.addPod("later", { cpu: "1" });
  await cluster.remove("moved");
  await cluster.addPod(
    "moved",
    { cpu: "1" },
    { annotations: { "kubesim.dev/queue-place": first.metadata.uid } },
  );
  await cluster.settle();
  await cluster.addNode("one", { cpu: "1", memory: "1Gi" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ moved: "one", later: "-" });
});

test("a pod that does not fit does not hold up those behind it", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("node", { cpu: "2", memory: "1Gi" });
  await cluster.addPod("huge", { cpu: "64" });
  await cluster.addPod("small", { cpu: "1" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ huge: "-", small: "node" });
});

test("only pods that could fit on the freed node are tried", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("node", { cpu: "2", memory: "1Gi" });
  await cluster.addPod("holds", { cpu: "1" });
  await cluster.settle();
  await cluster.addPod("fits", { cpu: "2" });
  await cluster.addPod("elsewhere", { cpu: "2" }, { spec: { nodeSelector: { disk: "ssd" } } });
  await cluster.settle();
  await cluster.remove("holds");
  await cluster.settle();
  expect(await cluster.nodeOf("fits")).toBe("node");
  expect(cluster.decision("elsewhere")?.attempts).toBe(1);
});

test("a pod without room is tried again after five minutes at the latest", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("node", { cpu: "1", memory: "1Gi" });
  await cluster.addPod("waits", { cpu: "2" });
  await cluster.settle();
  await cluster.clock.advance(299_000);
  expect(cluster.decision("waits")?.attempts).toBe(1);
  await cluster.clock.advance(31_000);
  expect(cluster.decision("waits")?.attempts).toBe(2);
});

test("what is said of a waiting pod follows the cluster, and is written only when it changes", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addPod("waits", { cpu: "2" });
  await cluster.addPod("too", { cpu: "2" });
  await cluster.settle();
  expect(await cluster.messages("waits")).toEqual(["no nodes available to schedule pods"]);
  const { resourceVersion } = (await cluster.pod("waits")).metadata;
  await cluster.clock.advance(400_000);
  expect((await cluster.pod("waits")).metadata.resourceVersion).toBe(resourceVersion);

  await cluster.addNode("tiny", { cpu: "1", memory: "1Gi" });
  await cluster.clock.advance(330_000);
  for (const name of ["waits", "too"]) {
    expect((await cluster.scheduledCondition(name))?.message).toBe(
      "0/1 nodes are available: 1 Insufficient cpu. " +
        "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    );
  }
  expect(cluster.errors).toEqual([]);
});
