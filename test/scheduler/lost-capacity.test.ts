import { expect, test } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

/** Moves a bare pod off its node, as the controller that looks after bare pods does. */
async function move(cluster: SchedulerUnderTest, name: string): Promise<void> {
  const { metadata, spec } = await cluster.pod(name);
  const { nodeName: _left, ...rest } = spec;
  const annotations = { "kubesim.dev/queue-place": metadata.uid };
  await cluster.objects.create<Pod>(
    pods,
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", annotations },
      spec: rest,
      status: { phase: "Pending" },
    },
    { replaces: metadata.uid },
  );
}

test("capacity of a lost node's pods is given back once", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("lost", { cpu: "4", memory: "8Gi" });
  for (const name of ["a", "b"]) await cluster.addPod(name, { cpu: "2" });
  await cluster.settle();
  await cluster.setReady("lost", "Unknown");
  for (const name of ["a", "b"]) await move(cluster, name);
  await cluster.settle();
  expect(await cluster.places()).toEqual({ a: "-", b: "-" });

  // Were it not given back, or twice, another number than two would fit when the node is back.
  await cluster.setReady("lost", "True");
  await cluster.addPod("c", { cpu: "2" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ a: "lost", b: "lost", c: "-" });
  await cluster.finish("a");
  await cluster.remove("a");
  await cluster.addPod("d", { cpu: "2" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ b: "lost", c: "lost", d: "-" });
});

test("the strategy in force places evicted pods", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("lost", { cpu: "4", memory: "8Gi" });
  await cluster.addNode("first", { cpu: "4", memory: "8Gi" });
  await cluster.addNode("large", { cpu: "64", memory: "8Gi" });
  await cluster.addPod("evicted", { cpu: "2" });
  await cluster.settle();
  expect(await cluster.nodeOf("evicted")).toBe("lost");
  await cluster.setStrategy("worst-fit");
  await cluster.setReady("lost", "Unknown");
  await move(cluster, "evicted");
  await cluster.settle();
  expect(await cluster.nodeOf("evicted")).toBe("large");
  expect(cluster.decision("evicted")).toMatchObject({ strategy: "worst-fit" });
});

test("a pod of negative cpu is refused and adds no capacity", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("node", { cpu: "4", memory: "8Gi" });
  const refused = await cluster.addPod("negative", { cpu: "-5" }).catch((error: unknown) => error);
  expect(isReason(refused, "Invalid")).toBe(true);
  await cluster.addPod("nine", { cpu: "9" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ nine: "-" });
});

test("pods of a node that was removed take no room on the next node of its name once they are gone", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("node", { cpu: "4", memory: "8Gi" });
  await cluster.addPod("stays", { cpu: "3" });
  await cluster.settle();
  await cluster.objects.delete(nodes, { name: "node" });
  await cluster.settle();
  await cluster.addPod("next", { cpu: "4" });
  await cluster.settle();
  await cluster.addNode("node", { cpu: "4", memory: "8Gi" });
  await cluster.settle();
  expect(await cluster.nodeOf("next")).toBeUndefined();
  await cluster.remove("stays");
  await cluster.settle();
  expect(await cluster.nodeOf("next")).toBe("node");
});

test("a scheduler that starts anew counts what is bound already", async () => {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("node", { cpu: "4", memory: "8Gi" });
  await cluster.addPod("bound", { cpu: "3" });
  await cluster.settle();
  cluster.stopScheduler();
  await cluster.addPod("waits", { cpu: "2" });
  await cluster.startScheduler();
  await cluster.settle();
  expect(await cluster.places()).toEqual({ bound: "node", waits: "-" });
});
