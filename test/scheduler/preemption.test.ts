import { beforeEach, describe, expect, test } from "vitest";
import { events } from "../../src/api/kinds/event.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { type PodDisruptionBudget, podDisruptionBudgets } from "../../src/api/kinds/pod-disruption-budget.ts";
import { modify } from "../../src/api/modify.ts";
import { STRATEGIES } from "../../src/scheduler/strategies/registry.ts";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

const ROOM = { cpu: "2", memory: "8Gi" };

let cluster: SchedulerUnderTest;

beforeEach(async () => {
  cluster = await SchedulerUnderTest.start();
});

const isEnding = async (name: string) => (await cluster.pod(name)).metadata.deletionTimestamp !== undefined;
const fits = (count: number) => `0/${count} nodes are available: ${count} Insufficient cpu.`;

async function addPod(name: string, cpu: string, priority: number, rest: Partial<Pod["spec"]> = {}) {
  await cluster.addPod(name, { cpu }, { spec: { priority, ...rest } });
  await cluster.settle();
}

test.each(STRATEGIES.map(({ name }) => name))(
  "%s: a pod pushes out one of less priority",
  async (strategy) => {
    await cluster.setStrategy(strategy);
    await cluster.settle();
    await cluster.addNode("node", ROOM);
    await addPod("low", "2", 1);
    await addPod("high", "2", 10);
    const { uid } = (await cluster.pod("high")).metadata;
    expect((await cluster.pod("high")).status.nominatedNodeName).toBe("node");
    expect(await cluster.messages("high")).toEqual([fits(1)]);
    expect(await cluster.scheduledCondition("high")).toMatchObject({
      reason: "Unschedulable",
      message: fits(1),
    });
    expect((await cluster.messages("low")).at(-1)).toBe(`Preempted by pod ${uid} on node node`);
    const low = await cluster.pod("low");
    expect(low.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    expect(low.status.conditions?.find(({ type }) => type === "DisruptionTarget")).toMatchObject({
      status: "True",
      reason: "PreemptionByScheduler",
      message: "default-scheduler: preempting to accommodate a higher priority pod",
    });
    const { items } = await cluster.objects.list(events);
    expect(items.find(({ reason }) => reason === "Preempted")).toMatchObject({ type: "Normal" });
    await cluster.remove("low");
    await cluster.settle();
    expect(await cluster.nodeOf("high")).toBe("node");
    expect((await cluster.pod("high")).status.nominatedNodeName).toBeUndefined();
    expect(cluster.errors).toEqual([]);
  },
);

test("nobody of the same priority is pushed out, and nobody by a pod that must not", async () => {
  await cluster.addNode("node", ROOM);
  await addPod("holds", "2", 5);
  await addPod("equal", "2", 5);
  await addPod("polite", "2", 10, { preemptionPolicy: "Never" });
  expect(await cluster.messages("equal")).toEqual([
    `${fits(1)} preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
  ]);
  expect(await cluster.messages("polite")).toEqual([
    `${fits(1)} preemption: not eligible due to preemptionPolicy=Never.`,
  ]);
  expect(await isEnding("holds")).toBe(false);
});

test("nobody is pushed out where it would not help, and preemption says what would still be missing", async () => {
  await cluster.addNode("small", { cpu: "1", memory: "8Gi" });
  await cluster.addNode("mixed", { cpu: "4", memory: "8Gi" });
  await cluster.addNode("cordoned", { cpu: "8", memory: "8Gi" }, { spec: { unschedulable: true } });
  await addPod("low", "1", 1);
  await addPod("peer", "3", 10, { nodeName: "mixed" });
  await addPod("lower", "1", 1, { nodeName: "mixed" });
  await addPod("waits", "2", 10);
  expect(await cluster.messages("waits")).toEqual([
    "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. preemption: " +
      "0/3 nodes are available: 1 Insufficient cpu, 2 Preemption is not helpful for scheduling.",
  ]);
  expect(await isEnding("lower")).toBe(false);
  expect(await isEnding("low")).toBe(false);
});

test("only as many go as must, the least important ones", async () => {
  await cluster.addNode("node", { cpu: "4", memory: "8Gi" });
  await addPod("one", "1", 1);
  await addPod("two", "1", 2);
  await addPod("three", "1", 1);
  await addPod("four", "1", 3);
  await addPod("high", "2", 10);
  const ending = await Promise.all(["one", "two", "three", "four"].map(isEnding));
  expect(ending).toEqual([true, false, true, false]);
});

describe("the node is chosen", () => {
  test("where the most important victim is the least important", async () => {
    for (const name of ["a", "b"]) await cluster.addNode(name, ROOM);
    await addPod("on-a", "2", 5);
    await addPod("on-b", "2", 4);
    await addPod("high", "2", 10);
    expect([await isEnding("on-a"), await isEnding("on-b")]).toEqual([false, true]);
  });

  test("where no disruption budget is broken, before anything else", async () => {
    for (const name of ["a", "b"]) await cluster.addNode(name, ROOM);
    await addPod("on-a", "2", 5);
    await addPod("on-b", "2", 4);
    await modify(cluster.objects, pods, { namespace: "default", name: "on-b" }, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, labels: { app: "web" } },
    }));
    await cluster.objects.create<PodDisruptionBudget>(podDisruptionBudgets, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "web", namespace: "default" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
    });
    await cluster.settle();
    await addPod("high", "2", 10);
    expect([await isEnding("on-a"), await isEnding("on-b")]).toEqual([true, false]);
  });

  test("where fewer have to go", async () => {
    for (const name of ["a", "b"]) await cluster.addNode(name, ROOM);
    await addPod("a-1", "1", 5);
    await addPod("a-2", "1", 5);
    await addPod("on-b", "2", 5);
    await addPod("high", "2", 10);
    const ending = await Promise.all(["a-1", "a-2", "on-b"].map(isEnding));
    expect(ending).toEqual([false, false, true]);
  });
});

describe("a nominated pod", () => {
  beforeEach(async () => {
    await cluster.addNode("node", ROOM);
    await addPod("low", "2", 1);
    await addPod("high", "2", 10);
    expect((await cluster.pod("high")).status.nominatedNodeName).toBe("node");
  });

  test("keeps its room from pods of the same and less priority, not from those above it", async () => {
    await addPod("middle", "1", 5);
    await cluster.remove("low");
    await addPod("equal", "1", 10);
    await cluster.settle();
    expect(await cluster.places()).toEqual({ high: "node", middle: "-", equal: "-" });
  });

  test("loses its nomination to a pod above it, and is placed elsewhere when there is room", async () => {
    await addPod("highest", "2", 100);
    expect((await cluster.pod("highest")).status.nominatedNodeName).toBe("node");
    expect((await cluster.pod("high")).status.nominatedNodeName).toBeUndefined();
    await cluster.addNode("new", ROOM);
    await cluster.settle();
    const places = await cluster.places();
    expect([places.high, places.highest].sort()).toEqual(["-", "new"]);
    await cluster.remove("low");
    await cluster.settle();
    expect((await cluster.places()).highest).toBeDefined();
    expect(Object.values(await cluster.places())).not.toContain("-");
  });

  test("does not push out more while the first ones go, and keeps its place over a restart", async () => {
    await cluster.addNode("other", ROOM);
    cluster.stopScheduler();
    await cluster.objects.delete(pods, { namespace: "default", name: "high" });
    await cluster.addPod("bystander", { cpu: "2" }, { spec: { priority: 1, nodeName: "other" } });
    const again = await cluster.addPod("again", { cpu: "2" }, { spec: { priority: 10 } });
    await modify(
      cluster.objects,
      pods,
      { namespace: "default", name: again.metadata.name },
      (pod) => ({ ...pod, status: { ...pod.status, nominatedNodeName: "node" } }),
      { subresource: "status" },
    );
    await cluster.startScheduler();
    expect(await isEnding("bystander")).toBe(false);
    expect((await cluster.messages("again")).at(-1)).toBe(
      `${fits(2)} preemption: not eligible due to a terminating pod on the nominated node.`,
    );
    await cluster.remove("low");
    await cluster.settle();
    expect(await cluster.nodeOf("again")).toBe("node");
  });

  test("gives its room back when it is deleted", async () => {
    await cluster.remove("high");
    await cluster.remove("low");
    await addPod("late", "2", 1);
    expect(await cluster.nodeOf("late")).toBe("node");
  });
});

test("many equal pods each make room for themselves, at once", async () => {
  for (let at = 0; at < 5; at++) await cluster.addNode(`node-${at}`, ROOM);
  for (let at = 0; at < 10; at++) await cluster.addPod(`low-${at}`, { cpu: "1" }, { spec: { priority: 1 } });
  await cluster.settle();
  for (let at = 0; at < 7; at++) await cluster.addPod(`high-${at}`, { cpu: "1" }, { spec: { priority: 9 } });
  await cluster.settle();
  const { items } = await cluster.objects.list(pods);
  const going = items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  expect(going.length).toBe(7);
  for (const { metadata } of going) await cluster.remove(metadata.name);
  await cluster.settle();
  const places = Object.entries(await cluster.places()).filter(([name]) => name.startsWith("high"));
  expect(places.filter(([, place]) => place === "-")).toEqual([]);
  expect(cluster.errors).toEqual([]);
});

test("a host port is worth pushing somebody out for", async () => {
  await cluster.addNode("node", ROOM);
  const port = (hostIP?: string, protocol = "TCP") => ({
    containers: [
      {
        name: "main",
        image: "none",
        ports: [{ containerPort: 80, hostPort: 80, protocol, ...(hostIP && { hostIP }) }],
      },
    ],
  });
  await addPod("local", "0", 1, port("127.0.0.1"));
  await addPod("beside", "0", 1, port("10.0.0.1"));
  await addPod("udp", "0", 1, port(undefined, "UDP"));
  await addPod("any", "0", 1, port());
  expect(await cluster.places()).toEqual({ local: "node", beside: "node", udp: "node", any: "-" });
  expect((await cluster.messages("any")).at(-1)).toBe(
    "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: " +
      "0/1 nodes are available: 1 No preemption victims found for incoming pod.",
  );
  await addPod("high", "0", 10, port("127.0.0.1"));
  expect([await isEnding("local"), await isEnding("beside")]).toEqual([true, false]);
  await cluster.remove("local");
  await cluster.settle();
  expect(await cluster.nodeOf("high")).toBe("node");
});
