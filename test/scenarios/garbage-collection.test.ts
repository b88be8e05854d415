import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import { type ReplicaSet, replicaSets } from "../../src/api/kinds/replica-set.ts";
import type { DeleteOptions } from "../../src/api/objects.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { createReplicaSet, find, livePods } from "./workloads.ts";

let cluster: ClusterUnderTest;
let web: ReplicaSet;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(2);
  web = await createReplicaSet(cluster, "web", 3);
  await cluster.clock.advance(2_000);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function remove(options: DeleteOptions): Promise<void> {
  await cluster.objects.delete(replicaSets, { namespace: "default", name: "web" }, options);
}

async function isThere(): Promise<boolean> {
  try {
    await find(cluster, replicaSets, "web");
    return true;
  } catch (error) {
    if (isReason(error, "NotFound")) return false;
    throw error;
  }
}

describe("an owner that is deleted", () => {
  it("goes at once in the background, and what it owns after it", async () => {
    await remove({});
    expect(await isThere()).toBe(false);
    await cluster.clock.advance(100);
    expect(await livePods(cluster)).toEqual([]);
    await cluster.clock.advance(40_000);
    expect(await cluster.pods()).toEqual([]);
  });

  it("waits in the foreground until what it owns is gone", async () => {
    // Machines that do not answer: nobody confirms that the pods have ended.
    for (const name of ["node-1", "node-2"]) await cluster.fail(name);
    await cluster.clock.settle();
    await remove({ propagationPolicy: "Foreground" });
    await cluster.clock.advance(1_000);
    expect((await find(cluster, replicaSets, "web")).metadata.finalizers).toEqual(["foregroundDeletion"]);
    expect(await livePods(cluster)).toEqual([]);
    expect(await cluster.pods()).toHaveLength(3);
    for (const name of ["node-1", "node-2"]) await cluster.heal(name);
    await cluster.clock.advance(40_000);
    expect(await cluster.pods()).toEqual([]);
    expect(await isThere()).toBe(false);
  });

  it("leaves orphans behind when it is told to", async () => {
    await remove({ propagationPolicy: "Orphan" });
    await cluster.clock.advance(100);
    expect(await isThere()).toBe(false);
    const left = await livePods(cluster);
    expect(left).toHaveLength(3);
    expect(left.map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined, undefined, undefined]);
    const again = await createReplicaSet(cluster, "web", 3);
    await cluster.clock.advance(1_000);
    const adopted = await cluster.pods();
    expect(adopted.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)).toEqual([
      again.metadata.uid,
      again.metadata.uid,
      again.metadata.uid,
    ]);
  });

  it("may change its mind while it waits", async () => {
    await cluster.fail("node-1");
    await remove({ propagationPolicy: "Foreground" });
    expect(await isThere()).toBe(true);
    await remove({ propagationPolicy: "Background" });
    expect(await isThere()).toBe(false);
  });
});

describe("an object with owners", () => {
  const reference = (name: string, uid: string) => ({ apiVersion: "apps/v1", kind: "ReplicaSet", name, uid });

  it("goes when its owner never was", async () => {
    const metadata = { ownerReferences: [reference("ghost", "no-such-uid")] };
    await cluster.launch("haunted", { metadata });
    await cluster.clock.advance(100);
    expect((await livePods(cluster)).map((pod) => pod.metadata.name)).not.toContain("haunted");
  });

  it("stays while one of them is there, and forgets the others", async () => {
    const other = await createReplicaSet(cluster, "other", 0);
    const both = [reference("web", web.metadata.uid), reference("other", other.metadata.uid)];
    await cluster.launch("shared", { metadata: { ownerReferences: both } });
    await remove({});
    await cluster.clock.advance(40_000);
    expect((await cluster.pod("shared")).metadata.ownerReferences).toEqual([both[1]]);
  });

  it("stays when nobody knows the kind of its owner", async () => {
    const owner = { apiVersion: "example.com/v1", kind: "Unknown", name: "x", uid: "y" };
    await cluster.launch("foreign", { metadata: { ownerReferences: [owner] } });
    await cluster.clock.advance(1_000);
    expect((await cluster.pod("foreign")).metadata.deletionTimestamp).toBeUndefined();
  });
});
