import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isNodeReady, type Node, nodes } from "../../src/api/kinds/node.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start({ settings: { timingProfile: "kubernetes" } });
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

interface Moments {
  notReadyMs?: number;
  evictionTaintMs?: number;
  deletedMs?: number;
}

/** Watches one node and one pod, and says when what happened, in ms after now. */
function watchMoments(nodeName: string, podName: string): Moments {
  const moments: Moments = {};
  const startMs = cluster.clock.monotonicMs();
  const closed = (error: unknown) => expect(error).toBeUndefined();
  const sinceMs = () => cluster.clock.monotonicMs() - startMs;
  cluster.objects.watch<Node>(
    nodes,
    { fieldSelector: `metadata.name=${nodeName}` },
    {
      events(batch) {
        for (const event of batch) {
          if (event.type === "BOOKMARK") continue;
          if (!isNodeReady(event.object)) moments.notReadyMs ??= sinceMs();
          if (isBeingEvicted(event.object)) moments.evictionTaintMs ??= sinceMs();
        }
      },
      closed,
    },
  );
  cluster.objects.watch<Pod>(
    pods,
    { fieldSelector: `metadata.name=${podName}` },
    {
      events(batch) {
        for (const event of batch) {
          if (event.type === "BOOKMARK") continue;
          if (event.object.metadata.deletionTimestamp !== undefined) moments.deletedMs ??= sinceMs();
        }
      },
      closed,
    },
  );
  return moments;
}

function isBeingEvicted(node: Node): boolean {
  return (node.spec.taints ?? []).some(({ effect }) => effect === "NoExecute");
}

async function evicted(): Promise<readonly string[]> {
  const { items } = await cluster.objects.list(nodes);
  return items.filter(isBeingEvicted).map(({ metadata }) => metadata.name);
}

async function startZone(size: number): Promise<readonly string[]> {
  const names = await cluster.addNodes(size);
  await cluster.clock.advance(20_000);
  return names;
}

describe("one silent death in profile kubernetes", () => {
  it.each([0, 1_234, 3_999, 7_500])("crashed %i ms into a check period", async (phaseMs) => {
    await startZone(4);
    await cluster.launch("web", { nodeName: "node-1" });
    await cluster.clock.advance(1_000 + phaseMs);
    const moments = watchMoments("node-1", "web");
    await cluster.fail("node-1");
    await cluster.clock.advance(400_000);
    const { notReadyMs = 0, evictionTaintMs = 0, deletedMs = 0 } = moments;
    expect(notReadyMs).toBeGreaterThan(40_000);
    expect(notReadyMs).toBeLessThanOrEqual(55_000);
    expect(evictionTaintMs - notReadyMs, "one check later").toBe(5_000);
    expect(deletedMs - evictionTaintMs, "tolerated for 300 s").toBe(300_000);
    const terminating = await cluster.pod("web");
    expect(terminating.spec.nodeName, "not re-created: it stays Terminating").toBe("node-1");
    await cluster.heal("node-1");
    await cluster.clock.advance(1_000);
    expect(await cluster.pods()).toEqual([]);
  });

  it("a node that returns in time keeps its pods: the eviction is cancelled", async () => {
    await startZone(4);
    const { uid } = (await cluster.launch("web", { nodeName: "node-1" })).metadata;
    await cluster.clock.advance(1_000);
    await cluster.fail("node-1", "node-hang");
    await cluster.clock.advance(200_000);
    expect(await evicted()).toEqual(["node-1"]);
    await cluster.heal("node-1", "node-hang");
    await cluster.clock.advance(400_000);
    const pod = await cluster.pod("web");
    expect(pod.metadata.uid).toBe(uid);
    expect(pod.status.conditions?.find(({ type }) => type === "Ready")?.status).toBe("True");
    expect(await cluster.events("TaintManagerEviction")).toMatchObject([
      { message: "Cancelling deletion of Pod default/web" },
    ]);
  });

  it("bare pods of a removed node are collected after the quarantine and not re-created", async () => {
    await startZone(2);
    await cluster.launch("web", { nodeName: "node-1" });
    await cluster.clock.advance(1_000);
    await cluster.removeNode("node-1");
    await cluster.clock.advance(39_900);
    expect(await cluster.pods()).toHaveLength(1);
    await cluster.clock.advance(200);
    expect(await cluster.pods()).toEqual([]);
  });
});

describe("mass failures are damped", () => {
  it("a few lost nodes get their eviction taint at one per 10 s", async () => {
    const names = await startZone(20);
    for (const name of names.slice(0, 5)) await cluster.fail(name);
    const taintedAtMs: number[] = [];
    for (let elapsedMs = 0; elapsedMs < 120_000; elapsedMs += 100) {
      await cluster.clock.advance(100);
      if ((await evicted()).length > taintedAtMs.length) taintedAtMs.push(elapsedMs);
    }
    const gaps = taintedAtMs.slice(1).map((atMs, index) => atMs - (taintedAtMs[index] as number));
    expect(gaps).toEqual([10_000, 10_000, 10_000, 10_000]);
  });

  it("55 % of a zone of at most 50 nodes stops evictions, until fewer are lost", async () => {
    const names = await startZone(20);
    for (const name of names.slice(0, 11)) await cluster.fail(name);
    await cluster.clock.advance(80_000);
    // Nodes are missed over two or three checks: the first may get its taint before the zone looks bad.
    const first = (await evicted()).length;
    expect(first).toBeLessThanOrEqual(1);
    await cluster.clock.advance(600_000);
    expect(await evicted()).toHaveLength(first);
    await cluster.heal(names[0] as string);
    await cluster.clock.advance(30_000);
    expect((await evicted()).length).toBeGreaterThan(0);
    await cluster.clock.advance(100_000);
    expect(await evicted()).toHaveLength(10);
  });

  it("60 % of a zone of 100 nodes slows evictions down to one per 100 s", async () => {
    const names = await startZone(100);
    for (const name of names.slice(0, 60)) await cluster.fail(name);
    await cluster.clock.advance(60_000);
    const first = (await evicted()).length;
    expect(first).toBeLessThanOrEqual(1);
    await cluster.clock.advance(1_000_000);
    expect((await evicted()).length - first).toBeGreaterThanOrEqual(9);
    expect((await evicted()).length - first).toBeLessThanOrEqual(10);
  });

  it.each([10, 100])(
    "when all %i nodes are lost nothing is evicted, and after their return all is normal",
    async (size) => {
      const names = await startZone(size);
      await cluster.launch("web");
      await cluster.clock.advance(1_000);
      const { uid } = (await cluster.pod("web")).metadata;
      for (const name of names) await cluster.fail(name, "node-hang");
      await cluster.clock.advance(1_000_000);
      expect((await cluster.objects.list(nodes)).items.some(isNodeReady)).toBe(false);
      expect(await evicted()).toEqual([]);
      for (const name of names) await cluster.heal(name, "node-hang");
      await cluster.clock.advance(60_000);
      expect((await cluster.objects.list(nodes)).items.every(isNodeReady)).toBe(true);
      expect((await cluster.pod("web")).metadata.uid).toBe(uid);
      await cluster.fail(names[0] as string);
      await cluster.clock.advance(70_000);
      expect(await evicted()).toEqual([names[0]]);
    },
  );

  it("a lost zone is evicted while another zone is well; excluded nodes do not count", async () => {
    const zone = (name: string) => ({ labels: { "topology.kubernetes.io/zone": name } });
    for (const name of ["a1", "a2", "a3"]) await cluster.addNode(name, zone("a"));
    for (const name of ["b1", "b2"]) await cluster.addNode(name, zone("b"));
    await cluster.clock.advance(20_000);
    for (const name of ["a1", "a2", "a3"]) await cluster.fail(name);
    await cluster.clock.advance(100_000);
    expect(await evicted()).toEqual(["a1", "a2", "a3"]);
  });
});
