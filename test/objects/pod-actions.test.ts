import { beforeEach, describe, expect, test } from "vitest";
import type { Kind } from "../../src/api/kind.ts";
import { type Pod, type PodSpec, pods } from "../../src/api/kinds/pod.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import type { WatchEvent } from "../../src/api/objects.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";

const KEY = { namespace: "default", name: "web" };
const kind = pods as unknown as Kind;

let objects: StoredObjects;
beforeEach(async () => {
  objects = new StoredObjects({
    store: new MemoryStore(),
    clock: new VirtualClock(),
    random: createRandom("1"),
  });
  await bootstrap(objects);
});

const create = (spec: Partial<PodSpec> = {}, metadata: object = {}): Promise<Pod> =>
  objects.create<Pod>(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...KEY, ...metadata },
    spec: { containers: [{ name: "c" }], ...spec },
    status: { phase: "Pending" },
  });
const bind = (nodeName: unknown, metadata: object = { name: "web" }, dryRun = false): Promise<unknown> => {
  const body = { apiVersion: "v1", kind: "Binding", metadata, target: { kind: "Node", name: nodeName } };
  return objects.act(kind, KEY, "binding", body, { dryRun });
};
const evict = (deleteOptions: object = {}): Promise<unknown> => {
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "web" }, deleteOptions };
  return objects.act(kind, KEY, "eviction", body);
};
const read = (): Promise<Pod> => objects.get(pods, KEY);
const reasonOf = (pod: Pod) => podCondition(pod, "DisruptionTarget")?.reason;
const version = async (): Promise<number> => Number((await read()).metadata.resourceVersion);

describe("binding", () => {
  test("sets the node and the condition in one write", async () => {
    const before = Number((await create()).metadata.resourceVersion);
    expect(await bind("node-1")).toMatchObject({ kind: "Status", status: "Success", code: 201 });
    const bound = await read();
    expect(bound.spec.nodeName).toBe("node-1");
    expect(bound.status.conditions).toEqual([
      { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: expect.any(String) },
    ]);
    expect(await version()).toBe(before + 1);
  });

  test("happens once", async () => {
    await create();
    await bind("node-1");
    await expect(bind("node-2")).rejects.toMatchObject({
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "node-1"',
    });
    expect((await read()).spec.nodeName).toBe("node-1");
  });

  test("takes the place of the condition that says why the pod waited", async () => {
    const pod = await create();
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] as const;
    await objects.update(pods, { ...pod, status: { ...pod.status, conditions } }, { subresource: "status" });
    await bind("node-1");
    expect((await read()).status.conditions?.map(({ type, status }) => [type, status])).toEqual([
      ["PodScheduled", "True"],
    ]);
  });

  test("is refused for another pod of the same name, one that is going, and a gated one", async () => {
    const pod = await create({}, { finalizers: ["example.com/held"] });
    await expect(bind("node-1", { name: "web", uid: "other" })).rejects.toMatchObject({
      reason: "Conflict",
      message: expect.stringContaining(`UID in precondition: other, UID in object meta: ${pod.metadata.uid}`),
    });
    await objects.delete(pods, KEY);
    await expect(bind("node-1")).rejects.toThrow("pod web is being deleted, cannot be assigned to a host");
    expect((await read()).spec.nodeName).toBeUndefined();
  });

  test("is refused while gates hold the pod", async () => {
    await create({ schedulingGates: [{ name: "example.com/wait" }] });
    await expect(bind("node-1")).rejects.toThrow("pod web has non-empty .spec.schedulingGates");
  });

  test.each([[""], [undefined], [7], [{}]])("to %j is refused", async (nodeName) => {
    await create();
    await expect(bind(nodeName)).rejects.toMatchObject({ reason: "Invalid" });
  });

  test("of another name, of nothing, and of a missing pod is refused", async () => {
    await expect(bind("node-1")).rejects.toMatchObject({ reason: "NotFound" });
    await create();
    await expect(bind("node-1", { name: "db" })).rejects.toMatchObject({ reason: "BadRequest" });
    await expect(objects.act(kind, KEY, "binding", undefined)).rejects.toMatchObject({ reason: "Invalid" });
    await expect(objects.act(kind, KEY, "binding", null)).rejects.toMatchObject({ reason: "Invalid" });
  });

  test("changes nothing in a dry run", async () => {
    await create();
    await bind("node-1", { name: "web" }, true);
    expect((await read()).spec.nodeName).toBeUndefined();
  });
});

describe("eviction", () => {
  test("begins a deletion with the pod's grace and says why", async () => {
    await create({ terminationGracePeriodSeconds: 7 });
    await bind("node-1");
    expect(await evict()).toMatchObject({ status: "Success" });
    const evicted = await read();
    expect(evicted.metadata.deletionGracePeriodSeconds).toBe(7);
    expect(evicted.status.conditions).toContainEqual(
      expect.objectContaining({ type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" }),
    );
  });

  test("is one write, and of a pod that goes at once the last thing to be seen is why", async () => {
    await create();
    await bind("node-1");
    const before = await version();
    await evict();
    expect(await version()).toBe(before + 1);
    const seen: WatchEvent[] = [];
    const from = { resourceVersion: String(await version()) };
    objects.watch<Pod>(pods, from, { events: (batch) => void seen.push(...batch), closed: () => undefined });
    await objects.delete(pods, KEY, { gracePeriodSeconds: 0 });
    await create();
    await evict();
    await Promise.resolve();
    const told = seen.map((event) => [event.type, "object" in event && reasonOf(event.object as Pod)]);
    expect(told).toEqual([
      ["DELETED", "EvictionByEvictionAPI"],
      ["ADDED", undefined],
      ["MODIFIED", "EvictionByEvictionAPI"],
      ["DELETED", "EvictionByEvictionAPI"],
    ]);
  });

  test("takes the grace that is asked for", async () => {
    await create();
    await bind("node-1");
    await evict({ gracePeriodSeconds: 0 });
    await expect(read()).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("just deletes a pod that has ended", async () => {
    await create();
    await bind("node-1");
    const bound = await read();
    await objects.update(pods, { ...bound, status: { phase: "Succeeded" } }, { subresource: "status" });
    await evict();
    await expect(read()).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("keeps its preconditions", async () => {
    const { metadata } = await create();
    for (const preconditions of [{ uid: "other" }, { resourceVersion: "1" }]) {
      await expect(evict({ preconditions })).rejects.toMatchObject({ reason: "Conflict" });
    }
    expect((await read()).metadata.resourceVersion).toBe(metadata.resourceVersion);
    await evict({ preconditions: { uid: metadata.uid, resourceVersion: metadata.resourceVersion } });
    await expect(read()).rejects.toMatchObject({ reason: "NotFound" });
  });

  test("changes nothing in a dry run", async () => {
    const { metadata } = await create();
    await evict({ dryRun: ["All"] });
    expect((await read()).metadata).toEqual(metadata);
  });

  test("survives a body of any shape", async () => {
    for (const body of [null, undefined, 7, "x", { deleteOptions: null }, { deleteOptions: 7 }]) {
      await objects.create<Pod>(pods, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: KEY,
        spec: { containers: [{ name: "c" }] },
        status: { phase: "Pending" },
      });
      expect(await objects.act(kind, KEY, "eviction", body)).toMatchObject({ status: "Success" });
    }
  });
});
