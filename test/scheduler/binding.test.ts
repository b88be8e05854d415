import { describe, expect, test } from "vitest";
import { ApiError } from "../../src/api/errors.ts";
import type { Binding, Pod } from "../../src/api/kinds/pod.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import type { Objects } from "../../src/api/objects.ts";
import { SchedulerUnderTest, withAct } from "./scheduler-under-test.ts";

const NODE = { cpu: "4", memory: "8Gi" };

/** Passes everything on but bindings, which `act` decides about. */
function withBindings(
  act: (objects: Objects, body: Binding) => Promise<void>,
): (objects: Objects) => Objects {
  return (objects) =>
    withAct(objects, async (kind, key, action, body, options) => {
      if (action === "binding") await act(objects, body as Binding);
      return objects.act(kind, key, action, body, options);
    });
}

test("a binding that fails is tried again with growing back-off, and takes no room meanwhile", async () => {
  const triesAtMs: number[] = [];
  const cluster = await SchedulerUnderTest.start(
    withBindings(async (_objects, { metadata }) => {
      if (metadata.name !== "unlucky") return;
      triesAtMs.push(cluster.clock.monotonicMs());
      if (triesAtMs.length <= 6) throw new ApiError("ServiceUnavailable", "the server is away");
    }),
  );
  await cluster.addNode("node", NODE);
  await cluster.addPod("unlucky", { cpu: "4" });
  await cluster.settle();
  await cluster.addPod("quick", { cpu: "4" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ unlucky: "-", quick: "node" });
  expect(await cluster.scheduledCondition("unlucky")).toMatchObject({ reason: "SchedulerError" });
  await cluster.remove("quick");
  await cluster.clock.advance(60_000);
  expect(triesAtMs).toEqual([0, 1_000, 3_000, 7_000, 15_000, 25_000, 35_000]);
  expect(await cluster.nodeOf("unlucky")).toBe("node");
  expect(cluster.decision("unlucky")).toMatchObject({ attempts: 7 });
});

test("a pod that is deleted while its binding is under way gives its room back once", async () => {
  const cluster = await SchedulerUnderTest.start(
    withBindings(async (objects, { metadata }) => {
      if (metadata.name === "gone") {
        await objects.delete(pods, { namespace: "default", name: "gone" }, { gracePeriodSeconds: 0 });
      }
    }),
  );
  await cluster.addNode("node", NODE);
  await cluster.addPod("gone", { cpu: "3" });
  await cluster.settle();
  for (const name of ["a", "b", "c"]) await cluster.addPod(name, { cpu: "2" });
  await cluster.clock.advance(20_000);
  expect(await cluster.places()).toEqual({ a: "node", b: "node", c: "-" });
  expect(cluster.errors).toEqual([]);
});

test("a binding whose answer was lost is not done twice", async () => {
  const bound: string[] = [];
  const cluster = await SchedulerUnderTest.start((objects) =>
    withAct(objects, async (kind, key, action, body, options) => {
      await objects.act(kind, key, action, body, options);
      bound.push(key.name);
      throw new ApiError("Timeout", "no answer");
    }),
  );
  await cluster.addNode("node", NODE);
  await cluster.addPod("pod", { cpu: "3" });
  await cluster.clock.advance(60_000);
  expect(bound).toEqual(["pod"]);
  await cluster.addPod("next", { cpu: "2" });
  await cluster.clock.advance(60_000);
  expect(await cluster.places()).toEqual({ pod: "node", next: "-" });
});

test("somebody else binds the pod first: it stays there and takes room there alone", async () => {
  const cluster = await SchedulerUnderTest.start(
    withBindings(async (objects, { metadata, target }) => {
      if (metadata.name !== "raced" || target.name !== "a") return;
      const elsewhere = { ...target, name: "b" };
      await objects.act(pods as never, { namespace: "default", name: "raced" }, "binding", {
        target: elsewhere,
      });
    }),
  );
  await cluster.addNode("a", NODE);
  await cluster.addNode("b", NODE);
  await cluster.addPod("raced", { cpu: "4" });
  await cluster.clock.advance(20_000);
  await cluster.addPod("next", { cpu: "4" });
  await cluster.settle();
  expect(await cluster.places()).toEqual({ raced: "b", next: "a" });
});

test("however many bindings fail, every pod gets a node in the end and no node is over-committed", async () => {
  let bindings = 0;
  const cluster = await SchedulerUnderTest.start(
    withBindings(async () => {
      if (++bindings % 7 === 0) throw new ApiError("Timeout", "no answer");
    }),
  );
  for (let at = 0; at < 20; at++) await cluster.addNode(`node-${at}`, { cpu: "4", memory: "8Gi" });
  for (let at = 0; at < 1_500; at++) await cluster.addPod(`pod-${at}`, { cpu: "50m" });
  await cluster.clock.advance(60_000);
  const places = Object.values(await cluster.places()).filter((place) => place !== "-");
  expect(places.length).toBe(1_500);
  const counts = new Map<string, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  expect(Math.max(...counts.values())).toBe(80);
  expect(cluster.errors).toEqual([]);
});

describe("pods that are not the scheduler's to place are left alone", () => {
  test("another scheduler's", async () => {
    const cluster = await SchedulerUnderTest.start();
    await cluster.addNode("node", NODE);
    await cluster.addPod("theirs", { cpu: "1" }, { spec: { schedulerName: "other" } });
    await cluster.settle();
    expect(await cluster.nodeOf("theirs")).toBeUndefined();
    expect(await cluster.messages("theirs")).toEqual([]);
  });

  test("gated ones, until the gates are gone", async () => {
    const cluster = await SchedulerUnderTest.start();
    await cluster.addNode("node", NODE);
    await cluster.addPod("gated", { cpu: "1" }, { spec: { schedulingGates: [{ name: "wait" }] } });
    await cluster.settle();
    expect(await cluster.scheduledCondition("gated")).toMatchObject({
      status: "False",
      reason: "SchedulingGated",
      message: "Scheduling is blocked due to non-empty scheduling gates",
    });
    const open = { type: "merge", patch: { spec: { schedulingGates: null } } } as const;
    await cluster.objects.patch<Pod>(pods, { namespace: "default", name: "gated" }, open);
    await cluster.settle();
    expect(await cluster.nodeOf("gated")).toBe("node");
  });
});
