import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import { leases } from "../../src/api/kinds/lease.ts";
import { isNodeReady } from "../../src/api/kinds/node.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

/** Each fault of the earlier cluster framework that kubesim's core grew out of, dead and staying so. */
let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function placements(): Promise<Record<string, string | undefined>> {
  const pods = await cluster.pods();
  return Object.fromEntries(pods.map(({ metadata, spec }) => [metadata.name, spec.nodeName]));
}

async function launchAll(names: readonly string[], cpu = "1"): Promise<void> {
  for (const name of names) await cluster.launch(name, { cpu });
  await cluster.clock.advance(1_000);
}

describe("faults of the earlier system stay dead", () => {
  it("failing a node is real: its heartbeats stop and it is noticed", async () => {
    await cluster.addNodes(2);
    await cluster.clock.advance(10_000);
    const key = { namespace: "kube-node-lease", name: "node-1" };
    const renewedAt = async () => (await cluster.objects.get(leases, key)).spec.renewTime;
    const first = await renewedAt();
    await cluster.clock.advance(1_000);
    expect(await renewedAt(), "a well node renews").not.toBe(first);
    await cluster.fail("node-1");
    await cluster.clock.settle();
    const last = await renewedAt();
    await cluster.clock.advance(60_000);
    expect(await renewedAt(), "a dead node does not").toBe(last);
    expect(isNodeReady(await cluster.node("node-1"))).toBe(false);
    expect(isNodeReady(await cluster.node("node-2"))).toBe(true);
  });

  it("pods of a dead node are moved: all that fit run elsewhere within 2 s after it is noticed", async () => {
    await cluster.addNodes(3);
    await launchAll(["a", "b", "c", "d"]);
    await cluster.fail("node-1");
    await cluster.clock.advance(3_000);
    for (let waitedMs = 0; isNodeReady(await cluster.node("node-1")); waitedMs += 100) {
      expect(waitedMs).toBeLessThan(3_000);
      await cluster.clock.advance(100);
    }
    await cluster.clock.advance(2_000);
    const pods = await cluster.pods();
    expect(pods.map(({ status }) => status.phase)).toEqual(["Running", "Running", "Running", "Running"]);
    expect(new Set(pods.map(({ spec }) => spec.nodeName))).toEqual(new Set(["node-2"]));
    expect(pods[0]?.metadata.annotations).toMatchObject({ "kubesim.dev/moves": "1" });
  });

  it("the capacity of a dead node's pods is given back exactly once, ten failures in a row", async () => {
    await cluster.addNodes(2);
    for (let round = 0; round < 10; round++) {
      const names = ["a", "b", "c", "d"];
      await launchAll(names);
      const home = (await placements()).a as string;
      await cluster.fail(home);
      await cluster.clock.advance(10_000);
      await cluster.heal(home);
      await cluster.clock.advance(1_000);
      await launchAll(["e", "f", "g", "h", "too-many"]);
      const placed = await placements();
      expect(placed["too-many"], "eight of one core fill two nodes of four").toBeUndefined();
      expect(Object.values(placed).filter((node) => node === "node-1")).toHaveLength(4);
      expect(Object.values(placed).filter((node) => node === "node-2")).toHaveLength(4);
      for (const name of [...names, "e", "f", "g", "h", "too-many"]) await cluster.deletePod(name);
      await cluster.clock.advance(1_000);
      expect(await cluster.pods()).toEqual([]);
    }
  });

  it.each([
    ["first-fit", "node-2"],
    ["best-fit", "node-3"],
    ["worst-fit", "node-4"],
  ])("pods are moved by the strategy in force: %s puts them on %s", async (strategy, expected) => {
    await cluster.addNode("node-1", { cpu: "4" });
    await cluster.clock.settle();
    await launchAll(["moved"]);
    await cluster.addNode("node-2", { cpu: "6" });
    await cluster.addNode("node-3", { cpu: "2" });
    await cluster.addNode("node-4", { cpu: "8" });
    await cluster.clock.settle();
    await cluster.set({ strategy });
    await cluster.fail("node-1");
    await cluster.clock.advance(10_000);
    expect(await placements()).toEqual({ moved: expected });
  });

  it("a pod that found no room is tried again when its node returns", async () => {
    await cluster.addNodes(1);
    await launchAll(["a", "b"]);
    await cluster.fail("node-1");
    await cluster.clock.advance(10_000);
    expect(await placements()).toEqual({ a: undefined, b: undefined });
    const waiting = podCondition(await cluster.pod("a"), "PodScheduled");
    expect(waiting).toMatchObject({ status: "False", reason: "Unschedulable" });
    await cluster.heal("node-1");
    await cluster.clock.advance(2_000);
    expect((await cluster.pods()).map(({ status }) => status.phase)).toEqual(["Running", "Running"]);
  });

  it("a pod that waits for room is placed when a node joins, a pod ends or a node is uncordoned", async () => {
    await cluster.addNodes(1, { cpu: "1" });
    await cluster.launch("short", { restartPolicy: "Never", annotations: { "kubesim.dev/duration": "20s" } });
    await launchAll(["second", "third", "fourth"]);
    await cluster.clock.advance(30_000);
    expect(await placements()).toMatchObject({ second: "node-1" });
    await cluster.addNode("node-9", { cpu: "1" });
    await cluster.clock.advance(1_000);
    expect(await placements()).toMatchObject({ third: "node-9" });
    await cluster.cordon("node-9");
    await cluster.deletePod("third");
    await cluster.clock.advance(60_000);
    expect(await placements()).toMatchObject({ fourth: undefined });
    await cluster.cordon("node-9", false);
    await cluster.clock.advance(1_000);
    expect(await placements()).toMatchObject({ fourth: "node-9" });
  });

  it("best-fit and worst-fit exist and differ", async () => {
    await cluster.addNode("large", { cpu: "8" });
    await cluster.addNode("small", { cpu: "2" });
    await cluster.clock.settle();
    await cluster.set({ strategy: "best-fit" });
    await launchAll(["tight"]);
    await cluster.set({ strategy: "worst-fit" });
    await launchAll(["wide"]);
    expect(await placements()).toEqual({ tight: "small", wide: "large" });
  });

  it("a pod of -5 cores is refused and adds no capacity", async () => {
    await cluster.addNodes(1);
    const refusal = await cluster.launch("negative", { cpu: "-5" }).catch((error: unknown) => error);
    expect(isReason(refusal, "Invalid")).toBe(true);
    await launchAll(["a", "b", "c", "d", "too-many"]);
    expect(await placements()).toMatchObject({ d: "node-1", "too-many": undefined });
  });

  it("a pod that fails on a well node is acted on too", async () => {
    await cluster.addNodes(1);
    await cluster.launch("flaky", {
      annotations: { "kubesim.dev/duration": "1s", "kubesim.dev/exit-code": "1" },
      restartPolicy: "OnFailure",
    });
    await cluster.clock.advance(2_200);
    const failed = (await cluster.pod("flaky")).status.containerStatuses?.[0];
    expect(failed?.state.waiting).toMatchObject({ reason: "CrashLoopBackOff" });
    await cluster.clock.advance(10_000);
    const again = (await cluster.pod("flaky")).status.containerStatuses?.[0];
    expect(again).toMatchObject({ restartCount: 2, ready: true });
    expect(again?.lastState.terminated).toMatchObject({ exitCode: 1, reason: "Error" });
  });
});
