import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DaemonSet, daemonSets } from "../../src/api/kinds/daemon-set.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import type { Pod } from "../../src/api/kinds/pod.ts";
import { modify } from "../../src/api/modify.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { draftOf, find, livePods, patch, templateOf } from "./workloads.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(3);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

function create(spec: object = {}, podSpec: Partial<Pod["spec"]> = {}): Promise<DaemonSet> {
  const template = templateOf("agent", { spec: podSpec });
  const whole = { selector: { matchLabels: { app: "agent" } }, template, ...spec };
  return cluster.objects.create(daemonSets, draftOf(daemonSets, "agent", whole));
}

const status = async () => (await find(cluster, daemonSets, "agent")).status;
const nodesWithPod = async () =>
  (await cluster.pods())
    .filter((pod) => pod.status.phase === "Running")
    .map(({ spec }) => spec.nodeName)
    .sort();

describe("a DaemonSet", () => {
  it("has one pod on every node, and on each that joins", async () => {
    await create();
    await cluster.clock.advance(3_000);
    expect(await nodesWithPod()).toEqual(["node-1", "node-2", "node-3"]);
    await cluster.addNode("node-4");
    await cluster.clock.advance(3_000);
    expect(await nodesWithPod()).toEqual(["node-1", "node-2", "node-3", "node-4"]);
    expect(await status()).toEqual({
      currentNumberScheduled: 4,
      desiredNumberScheduled: 4,
      numberMisscheduled: 0,
      numberReady: 4,
      numberAvailable: 4,
      updatedNumberScheduled: 4,
      observedGeneration: 1,
    });
  });

  it("goes only where its selector and its tolerations let it, and leaves where they do not any more", async () => {
    await cluster.addNode("labelled", { labels: { disk: "ssd" } });
    await create({}, { nodeSelector: { disk: "ssd" } });
    await cluster.clock.advance(3_000);
    expect(await nodesWithPod()).toEqual(["labelled"]);
    await modify(cluster.objects, nodes, { name: "labelled" }, (node) => ({
      ...node,
      spec: { ...node.spec, taints: [{ key: "gpu", value: "only", effect: "NoSchedule" as const }] },
    }));
    await cluster.clock.advance(3_000);
    expect(await status()).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 1 });
    await modify(cluster.objects, nodes, { name: "labelled" }, (node) => ({
      ...node,
      metadata: { ...node.metadata, labels: { ...node.metadata.labels, disk: "hdd" } },
    }));
    await cluster.clock.advance(40_000);
    expect(await cluster.pods()).toEqual([]);
  });

  it("runs on cordoned nodes, and stays on a node that is lost", async () => {
    await cluster.cordon("node-2");
    await create();
    await cluster.clock.advance(3_000);
    expect(await nodesWithPod()).toEqual(["node-1", "node-2", "node-3"]);
    await cluster.fail("node-1");
    await cluster.clock.advance(60_000);
    const there = (await cluster.pods()).filter(({ spec }) => spec.nodeName === "node-1");
    expect(there).toHaveLength(1);
    expect(there[0]?.metadata.deletionTimestamp).toBeUndefined();
  });

  it("updates as many nodes at once as may be without", async () => {
    await cluster.addNode("node-4");
    await create({ updateStrategy: { rollingUpdate: { maxUnavailable: "50%" } } });
    await cluster.clock.advance(3_000);
    const template = templateOf("agent", { image: "web:2" });
    await patch(cluster, daemonSets, "agent", { spec: { template } });
    let least = 4;
    for (let step = 0; step < 200; step++) {
      await cluster.clock.advance(20);
      least = Math.min(least, (await nodesWithPod()).length);
    }
    expect(least).toBe(2);
    const images = (await cluster.pods()).map(({ spec }) => spec.containers[0]?.image);
    expect(images).toEqual(["web:2", "web:2", "web:2", "web:2"]);
    expect(await status()).toMatchObject({ updatedNumberScheduled: 4, numberAvailable: 4 });
  });

  it("replaces a pod that is deleted on the same node", async () => {
    await create();
    await cluster.clock.advance(3_000);
    const [first] = await cluster.pods();
    await cluster.deletePod(first?.metadata.name as string);
    await cluster.clock.advance(3_000);
    expect(await nodesWithPod()).toEqual(["node-1", "node-2", "node-3"]);
  });

  it("surges: a new pod runs beside the old one, on so many nodes at a time, and none is ever missing", async () => {
    await create({
      minReadySeconds: 2,
      updateStrategy: { rollingUpdate: { maxSurge: "34%", maxUnavailable: 0 } },
    });
    await cluster.clock.advance(6_000);
    expect(await status()).toMatchObject({ numberAvailable: 3 });
    await patch(cluster, daemonSets, "agent", {
      spec: { template: templateOf("agent", { image: "web:2" }) },
    });
    let most = 0;
    for (let step = 0; step < 100; step++) {
      await cluster.clock.advance(200);
      const { numberAvailable, updatedNumberScheduled } = await status();
      expect(numberAvailable).toBe(3);
      most = Math.max(most, (await livePods(cluster)).length - 3);
      if (step === 99) expect(updatedNumberScheduled).toBe(3);
    }
    expect(most).toBe(2);
    expect(await nodesWithPod()).toEqual(["node-1", "node-2", "node-3"]);
    const images = (await cluster.pods()).map(({ spec }) => spec.containers[0]?.image);
    expect(images).toEqual(Array(3).fill("web:2"));
  });
});
