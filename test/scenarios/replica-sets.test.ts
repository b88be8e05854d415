import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pods } from "../../src/api/kinds/pod.ts";
import { replicaSets } from "../../src/api/kinds/replica-set.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { createReplicaSet, find, livePods, patch } from "./workloads.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(3);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

describe("a ReplicaSet", () => {
  it("makes its pods, named after it and owned by it, and counts them", async () => {
    const { metadata } = await createReplicaSet(cluster, "web", 3);
    await cluster.clock.advance(2_000);
    const made = await cluster.pods();
    expect(made).toHaveLength(3);
    for (const pod of made) {
      expect(pod.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
      expect(pod.metadata.ownerReferences).toEqual([
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "web",
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
    }
    expect((await find(cluster, replicaSets, "web")).status).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    const texts = (await cluster.events("SuccessfulCreate")).map(({ message }) => message);
    expect(texts.sort()).toEqual(made.map((pod) => `Created pod: ${pod.metadata.name}`).sort());
  });

  it("replaces what is deleted, ends or loses its node", async () => {
    await createReplicaSet(cluster, "web", 3, { cpu: "2" });
    await cluster.clock.advance(2_000);
    const [first] = await cluster.pods();
    await cluster.deletePod(first?.metadata.name as string);
    await cluster.clock.advance(100);
    expect(await livePods(cluster)).toHaveLength(3);
    await cluster.clock.advance(40_000);
    await cluster.fail("node-1");
    await cluster.clock.advance(15_000);
    const left = (await cluster.pods()).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    expect(left.length).toBeGreaterThan(0);
    const live = await livePods(cluster);
    expect(live.map(({ spec }) => spec.nodeName).sort()).not.toContain("node-1");
    expect(live.filter(({ status }) => status.phase === "Running")).toHaveLength(3);
  });

  it("scales down from what matters least: first pods that found no node", async () => {
    await createReplicaSet(cluster, "web", 8, { cpu: "2" });
    await cluster.clock.advance(2_000);
    expect((await livePods(cluster)).filter(({ spec }) => spec.nodeName === undefined)).toHaveLength(2);
    await patch(cluster, replicaSets, "web", { spec: { replicas: 6 } });
    await cluster.clock.advance(2_000);
    const live = await livePods(cluster);
    expect(live).toHaveLength(6);
    expect(live.every(({ status }) => status.phase === "Running")).toBe(true);
    expect(await cluster.events("SuccessfulDelete")).toHaveLength(2);
  });

  it("adopts pods that it selects and lets go those that it does not any more", async () => {
    const labels = { app: "web" };
    await cluster.launch("stray", { metadata: { labels } });
    await createReplicaSet(cluster, "web", 2);
    await cluster.clock.advance(2_000);
    expect((await livePods(cluster)).map(({ metadata }) => metadata.name)).toContain("stray");
    expect(await livePods(cluster)).toHaveLength(2);
    await patch(cluster, pods, "stray", { metadata: { labels: { app: "other" } } });
    await cluster.clock.advance(2_000);
    expect(await livePods(cluster)).toHaveLength(3);
    expect((await cluster.pod("stray")).metadata.ownerReferences ?? []).toEqual([]);
  });

  it("counts pods as available once they have been ready for long enough", async () => {
    await createReplicaSet(cluster, "web", 2, { minReadySeconds: 10 });
    await cluster.clock.advance(5_000);
    expect((await find(cluster, replicaSets, "web")).status).toMatchObject({ readyReplicas: 2 });
    expect((await find(cluster, replicaSets, "web")).status.availableReplicas).toBeUndefined();
    await cluster.clock.advance(8_000);
    expect((await find(cluster, replicaSets, "web")).status).toMatchObject({ availableReplicas: 2 });
  });

  it("never has one pod too many, however often it is scaled", async () => {
    await createReplicaSet(cluster, "web", 30, { cpu: "10m" });
    for (const replicas of [40, 3, 25, 0, 30]) {
      await patch(cluster, replicaSets, "web", { spec: { replicas } });
      await cluster.clock.advance(37);
      expect((await livePods(cluster)).length).toBe(replicas);
    }
    await cluster.clock.advance(60_000);
    expect(await cluster.pods()).toHaveLength(30);
  });

  it("says what keeps it from making pods", async () => {
    await createReplicaSet(cluster, "web", 3, { spec: { priorityClassName: "no-such-class" } });
    await cluster.clock.advance(1_000);
    expect((await find(cluster, replicaSets, "web")).status.conditions).toEqual([
      expect.objectContaining({
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
        message: expect.stringMatching(/is forbidden: no PriorityClass with name no-such-class was found$/),
      }),
    ]);
    expect((await cluster.events("FailedCreate"))[0]?.message).toMatch(/^Error creating: pods "web-/);
    const template = { spec: { priorityClassName: null } };
    await patch(cluster, replicaSets, "web", { spec: { template } });
    await cluster.clock.advance(10_000);
    expect((await find(cluster, replicaSets, "web")).status).toMatchObject({ readyReplicas: 3 });
    expect((await find(cluster, replicaSets, "web")).status.conditions).toBeUndefined();
  });
});
