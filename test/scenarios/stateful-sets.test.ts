import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { controllerRevisions } from "../../src/api/kinds/controller-revision.ts";
import { type StatefulSet, statefulSets } from "../../src/api/kinds/stateful-set.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { draftOf, find, patch, templateOf } from "./workloads.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(3);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

function create(spec: object = {}): Promise<StatefulSet> {
  const selector = { matchLabels: { app: "db" } };
  const whole = { replicas: 3, selector, serviceName: "db", template: templateOf("db"), ...spec };
  return cluster.objects.create(statefulSets, draftOf(statefulSets, "db", whole));
}

const db = () => find(cluster, statefulSets, "db");
const names = async () => (await cluster.pods()).map(({ metadata }) => metadata.name);
const images = async () => (await cluster.pods()).map(({ spec }) => spec.containers[0]?.image);
const setImage = (image: string) =>
  patch(cluster, statefulSets, "db", { spec: { template: templateOf("db", { image }) } });

/** Watches for so long; most pods that were not ready at once, and every order in which names appeared. */
async function observe(ms: number): Promise<{ readonly unready: number; readonly order: readonly string[] }> {
  let unready = 0;
  const order: string[] = [];
  for (let passed = 0; passed < ms; passed += 50) {
    await cluster.clock.advance(50);
    const pods = await cluster.pods();
    const ready = pods.filter(({ status }) => status.phase === "Running").length;
    unready = Math.max(unready, (await db()).spec.replicas - ready);
    for (const { metadata } of pods) {
      const known = `${metadata.name} ${metadata.uid}`;
      if (!order.includes(known)) order.push(known);
    }
  }
  return { unready, order: order.map((text) => text.split(" ")[0] as string) };
}

describe("a StatefulSet", () => {
  it("makes its pods one after the other, under names that stay", async () => {
    await create();
    await cluster.clock.settle();
    expect(await names()).toEqual(["db-0"]);
    const { order } = await observe(5_000);
    expect(order).toEqual(["db-0", "db-1", "db-2"]);
    const [first] = await cluster.pods();
    const { status } = await db();
    expect(first?.metadata.labels).toMatchObject({
      app: "db",
      "apps.kubernetes.io/pod-index": "0",
      "statefulset.kubernetes.io/pod-name": "db-0",
      "controller-revision-hash": status.updateRevision,
    });
    expect(first?.spec).toMatchObject({ hostname: "db-0", subdomain: "db" });
    expect(status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      currentRevision: status.updateRevision,
    });
    const texts = (await cluster.events("SuccessfulCreate")).map(({ message }) => message);
    expect(texts).toContain("create Pod db-1 in StatefulSet db successful");
  });

  it("with policy Parallel makes and removes them all at once", async () => {
    await create({ podManagementPolicy: "Parallel", ordinals: { start: 5 } });
    await cluster.clock.settle();
    expect(await names()).toEqual(["db-5", "db-6", "db-7"]);
    await patch(cluster, statefulSets, "db", { spec: { replicas: 0 } });
    await cluster.clock.advance(40_000);
    expect(await names()).toEqual([]);
  });

  it("is scaled down from the last", async () => {
    await create();
    await cluster.clock.advance(5_000);
    await patch(cluster, statefulSets, "db", { spec: { replicas: 1 } });
    await cluster.clock.advance(40_000);
    expect(await names()).toEqual(["db-0"]);
    const texts = (await cluster.events("SuccessfulDelete")).map(({ message }) => message);
    expect(texts).toEqual([
      "delete Pod db-2 in StatefulSet db successful",
      "delete Pod db-1 in StatefulSet db successful",
    ]);
  });

  it("updates one pod after the other, from the last on", async () => {
    await create();
    await cluster.clock.advance(5_000);
    await setImage("web:2");
    const { unready, order } = await observe(20_000);
    expect(unready).toBe(1);
    // The first of them is gone and there again before the first look.
    expect(order.slice(3)).toEqual(["db-1", "db-0"]);
    expect(await images()).toEqual(["web:2", "web:2", "web:2"]);
    const { status } = await db();
    expect(status.currentRevision).toBe(status.updateRevision);
  });

  it("leaves pods below the partition as they are, also when they are made anew", async () => {
    await create({ updateStrategy: { rollingUpdate: { partition: 2 } } });
    await cluster.clock.advance(5_000);
    await setImage("web:2");
    await cluster.clock.advance(20_000);
    expect(await images()).toEqual(["web:1", "web:1", "web:2"]);
    await cluster.deletePod("db-0");
    await cluster.clock.advance(20_000);
    expect(await images()).toEqual(["web:1", "web:1", "web:2"]);
    expect((await db()).status).toMatchObject({ updatedReplicas: 1, currentReplicas: 2 });
    await patch(cluster, statefulSets, "db", {
      spec: { updateStrategy: { rollingUpdate: { partition: 0 } } },
    });
    await cluster.clock.advance(20_000);
    expect(await images()).toEqual(["web:2", "web:2", "web:2"]);
  });

  it("with strategy OnDelete updates only what somebody deletes", async () => {
    await create({ updateStrategy: { type: "OnDelete" } });
    await cluster.clock.advance(5_000);
    await setImage("web:2");
    await cluster.clock.advance(10_000);
    expect(await images()).toEqual(["web:1", "web:1", "web:1"]);
    await cluster.deletePod("db-1");
    await cluster.clock.advance(10_000);
    expect(await images()).toEqual(["web:1", "web:2", "web:1"]);
  });

  it("keeps its earlier templates as revisions, up to its limit, and takes one up again", async () => {
    await create({ revisionHistoryLimit: 1, podManagementPolicy: "Parallel" });
    for (const image of ["web:2", "web:3", "web:2"]) {
      await cluster.clock.advance(20_000);
      await setImage(image);
    }
    await cluster.clock.advance(20_000);
    const { items } = await cluster.objects.list(controllerRevisions);
    expect(items.map(({ revision }) => revision).sort()).toEqual([3, 4]);
    expect(await images()).toEqual(["web:2", "web:2", "web:2"]);
  });

  it("does not make a second pod of a name while the first may still run on a lost node", async () => {
    await create({ template: templateOf("db", { cpu: "3" }) });
    await cluster.clock.advance(5_000);
    const nodeName = (await cluster.pod("db-1")).spec.nodeName as string;
    const { uid } = (await cluster.pod("db-1")).metadata;
    await cluster.fail(nodeName);
    await cluster.clock.advance(30_000);
    expect((await cluster.pod("db-1")).metadata).toMatchObject({ uid, deletionTimestamp: expect.anything() });
    await cluster.heal(nodeName);
    await cluster.clock.advance(30_000);
    const again = await cluster.pod("db-1");
    expect(again.metadata.uid).not.toBe(uid);
    expect(again.status.phase).toBe("Running");
  });
});
