import { afterEach, expect, test } from "vitest";
import { events } from "../../src/api/kinds/event.ts";
import { type Node, nodes } from "../../src/api/kinds/node.ts";
import { modify } from "../../src/api/modify.ts";
import { OWN_STATUS } from "../../src/api/objects.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function statusOf(name: string) {
  const { phase, reason, message } = (await cluster.pod(name)).status;
  return { phase, reason, message };
}

test("who is put on a node beyond its room is refused by its kubelet, in its words, and takes no room", async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNode("node-1", { cpu: "2", memory: "4Gi" });
  await cluster.clock.advance(1_000);
  await cluster.launch("first", { cpu: "1500m", memory: "1Gi", nodeName: "node-1" });
  await cluster.clock.advance(1_000);
  await cluster.launch("cpu", { cpu: "1", memory: "1Gi", nodeName: "node-1" });
  await cluster.launch("memory", { cpu: "100m", memory: "5Gi", nodeName: "node-1" });
  await cluster.clock.advance(1_000);
  expect(await statusOf("first")).toEqual({ phase: "Running", reason: undefined, message: undefined });
  expect(await statusOf("cpu")).toEqual({
    phase: "Failed",
    reason: "OutOfcpu",
    message:
      "Pod was rejected: Node didn't have enough resource: cpu, requested: 1000, used: 1500, capacity: 2000",
  });
  expect(await statusOf("memory")).toEqual({
    phase: "Failed",
    reason: "OutOfmemory",
    message:
      "Pod was rejected: Node didn't have enough resource: memory, " +
      "requested: 5368709120, used: 1073741824, capacity: 4294967296",
  });
  const { items } = await cluster.objects.list(events, { namespace: "default" });
  expect(items).toContainEqual(
    expect.objectContaining({
      type: "Warning",
      reason: "OutOfcpu",
      message: "Node didn't have enough resource: cpu, requested: 1000, used: 1500, capacity: 2000",
    }),
  );
  expect(cluster.runningPods().map(({ name }) => name)).toEqual(["first"]);
  await cluster.launch("fits", { cpu: "500m", memory: "1Gi", nodeName: "node-1" });
  await cluster.clock.advance(1_000);
  expect((await statusOf("fits")).phase).toBe("Running");
});

test("room comes back with a pod that ends; labels and places for pods are asked for too", async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNode("node-1", { labels: { disk: "hdd" } });
  await modify(
    cluster.objects,
    nodes,
    { name: "node-1" },
    (node: Node): Node => ({
      ...node,
      status: { ...node.status, allocatable: { ...node.status.allocatable, pods: "2" } },
    }),
    OWN_STATUS,
  );
  await cluster.clock.advance(1_000);
  const on = { nodeName: "node-1", cpu: "3" };
  const short = { annotations: { "kubesim.dev/duration": "5s" }, restartPolicy: "Never" } as const;
  await cluster.launch("short", { ...on, ...short });
  await cluster.clock.advance(10_000);
  await cluster.launch("next", on);
  await cluster.clock.advance(1_000);
  expect((await statusOf("next")).phase).toBe("Running");
  await cluster.launch("ssd", { ...on, cpu: "1", spec: { nodeSelector: { disk: "ssd" } } });
  await cluster.clock.advance(1_000);
  expect(await statusOf("ssd")).toMatchObject({
    reason: "NodeAffinity",
    message:
      "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  });
  const spec = {
    containers: [{ name: "main", image: "none", ports: [{ containerPort: 80, hostPort: 80 }] }],
  };
  await cluster.launch("port", { nodeName: "node-1", spec, restartPolicy: "Never" });
  await cluster.clock.advance(1_000);
  expect((await statusOf("port")).phase).toBe("Running");
  await cluster.launch("third", {
    nodeName: "node-1",
    spec: { containers: [{ name: "main", image: "none" }] },
  });
  await cluster.clock.advance(1_000);
  expect(await statusOf("third")).toMatchObject({
    reason: "OutOfpods",
    message: "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
  });
});
