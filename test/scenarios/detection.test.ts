import { afterEach, describe, expect, it } from "vitest";
import { type Lease, leases } from "../../src/api/kinds/lease.ts";
import { isNodeReady, type Node, nodeCondition, nodes } from "../../src/api/kinds/node.ts";
import { microTimestamp } from "../../src/api/meta.ts";
import { TIMING_PROFILES, type TimingProfileName } from "../../src/api/timing-profiles.ts";
import { createRandom } from "../../src/lib/random.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

/** When each node was first seen not ready, in virtual ms. */
function watchForLosses(): Map<string, number> {
  const lostAtMs = new Map<string, number>();
  cluster.objects.watch<Node>(
    nodes,
    {},
    {
      events(batch) {
        for (const event of batch) {
          if (event.type === "BOOKMARK" || nodeCondition(event.object, "Ready") === undefined) continue;
          const { name } = event.object.metadata;
          if (isNodeReady(event.object)) lostAtMs.delete(name);
          else if (!lostAtMs.has(name)) lostAtMs.set(name, cluster.clock.monotonicMs());
        }
      },
      closed: (error) => {
        throw error;
      },
    },
  );
  return lostAtMs;
}

/** Crashes nodes at instants of their own, and returns how long each loss went unnoticed. */
async function detectionDelays(profile: TimingProfileName, crashes: number): Promise<readonly number[]> {
  const { graceMs, checkMs, heartbeatMs } = TIMING_PROFILES[profile];
  cluster = await ClusterUnderTest.start({ settings: { timingProfile: profile } });
  const names = await cluster.addNodes(crashes + 1);
  const lostAtMs = watchForLosses();
  const random = createRandom(`phases/${profile}`);
  const instants = names.slice(1).map((name) => ({ name, atMs: random.next() * 60_000 }));
  const crashedAtMs = new Map<string, number>();
  for (const { name, atMs } of instants) {
    cluster.clock.after(atMs, () => {
      crashedAtMs.set(name, cluster.clock.monotonicMs());
      cluster.fail(name).catch((error: unknown) => expect(error).toBeUndefined());
    });
  }
  await cluster.clock.advance(60_000 + graceMs + checkMs + heartbeatMs);
  expect(lostAtMs.has("node-1"), "a node that nobody harmed").toBe(false);
  return [...crashedAtMs].map(([name, atMs]) => (lostAtMs.get(name) ?? Number.NaN) - atMs);
}

describe("a crashed node is noticed exactly when its heartbeats say so", () => {
  it.each([
    ["fast", 1_000],
    ["classic", 300],
    ["kubernetes", 300],
  ] as const)("in profile %s, over %i crashes at random phases", async (profile, crashes) => {
    const { graceMs, checkMs, heartbeatMs } = TIMING_PROFILES[profile];
    const delays = await detectionDelays(profile, crashes);
    expect(delays).toHaveLength(crashes);
    expect(Math.min(...delays)).toBeGreaterThan(graceMs - heartbeatMs);
    expect(Math.max(...delays)).toBeLessThanOrEqual(graceMs + checkMs);
    const meanMs = delays.reduce((sum, delay) => sum + delay, 0) / crashes;
    const expectedMs = graceMs - heartbeatMs / 2 + checkMs / 2;
    expect(Math.abs(meanMs - expectedMs) / expectedMs).toBeLessThan(0.02);
  });
});

describe("no false alarms", () => {
  it.each(["fast", "classic", "kubernetes"] as const)(
    "well nodes stay ready for an hour in %s",
    async (profile) => {
      cluster = await ClusterUnderTest.start({ settings: { timingProfile: profile } });
      await cluster.addNodes(20);
      const lostAtMs = watchForLosses();
      await cluster.clock.advance(3_600_000);
      expect([...lostAtMs]).toEqual([]);
    },
  );

  it.each(["node-crash", "node-hang"])(
    "a %s that is healed before the grace is over is never noticed",
    async (fault) => {
      cluster = await ClusterUnderTest.start();
      const names = await cluster.addNodes(50);
      const lostAtMs = watchForLosses();
      for (let round = 0; round < 5; round++) {
        for (const name of names) await cluster.fail(name, fault);
        await cluster.clock.advance(3_000);
        for (const name of names) await cluster.heal(name, fault);
        await cluster.clock.advance(10_000);
      }
      expect([...lostAtMs]).toEqual([]);
    },
  );

  it("a change of the timing profile loses nobody", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(20);
    const lostAtMs = watchForLosses();
    for (const timingProfile of ["kubernetes", "fast", "classic", "fast", "kubernetes", "classic"]) {
      await cluster.set({ timingProfile });
      await cluster.clock.advance(70_000);
    }
    expect([...lostAtMs]).toEqual([]);
    await cluster.fail("node-1");
    await cluster.clock.advance(20_000);
    expect([...lostAtMs.keys()]).toEqual(["node-1"]);
  });
});

describe("how a loss is told", () => {
  it("conditions, taints and events carry Kubernetes' words", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(2);
    await cluster.fail("node-1", "node-hang");
    await cluster.clock.advance(6_000);
    const node = await cluster.node("node-1");
    for (const type of ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]) {
      expect(nodeCondition(node, type), type).toMatchObject({
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
      });
    }
    expect(node.spec.taints).toMatchObject([
      { key: "node.kubernetes.io/unreachable", effect: "NoSchedule" },
      { key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
    ]);
    expect(await cluster.events("NodeNotReady")).toMatchObject([
      {
        type: "Normal",
        message: "Node node-1 status is now: NodeNotReady",
        involvedObject: { kind: "Node" },
      },
    ]);
    await cluster.heal("node-1", "node-hang");
    await cluster.clock.settle();
    const healed = await cluster.node("node-1");
    expect(isNodeReady(healed)).toBe(true);
    expect(healed.spec.taints).toBeUndefined();
  });

  it("a node without an agent is told that it never posted, after the patience for new nodes", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNode("ghost", { annotations: { "kubesim.dev/agent": "none" } });
    await cluster.clock.advance(9_900);
    expect(nodeCondition(await cluster.node("ghost"), "Ready")).toBeUndefined();
    await cluster.clock.advance(2_000);
    expect(nodeCondition(await cluster.node("ghost"), "Ready")).toMatchObject({
      status: "Unknown",
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
    });
  });

  it("cordoning is mirrored as a taint and taken back", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(1);
    await cluster.cordon("node-1");
    await cluster.clock.settle();
    const taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
    expect((await cluster.node("node-1")).spec.taints).toMatchObject([taint]);
    await cluster.cordon("node-1", false);
    await cluster.clock.settle();
    expect((await cluster.node("node-1")).spec.taints).toBeUndefined();
  });
});

describe("an agent elsewhere that renews its Lease by writing it", () => {
  it.each([0, 86_400_000, -86_400_000])(
    "is judged by what is seen, its clock being %i ms off",
    async (skewMs) => {
      cluster = await ClusterUnderTest.start();
      await cluster.addNode("far", { annotations: { "kubesim.dev/agent": "none" } });
      const farTime = () => microTimestamp(cluster.clock.now() + skewMs);
      await cluster.objects.create<Lease>(leases, {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: "far", namespace: "kube-node-lease" },
        spec: { holderIdentity: "far", renewTime: farTime() },
      });
      const ready = { type: "Ready", status: "True", lastHeartbeatTime: farTime() };
      const patch = { status: { conditions: [ready] } };
      await cluster.objects.patch(
        nodes,
        { name: "far" },
        { type: "merge", patch },
        { subresource: "status" },
      );
      const lostAtMs = watchForLosses();
      const key = { namespace: "kube-node-lease", name: "far" };
      for (let beat = 0; beat < 60; beat++) {
        await cluster.clock.advance(3_700);
        await cluster.objects.patch(leases, key, {
          type: "merge",
          patch: { spec: { renewTime: farTime() } },
        });
      }
      expect([...lostAtMs]).toEqual([]);
      const stoppedMs = cluster.clock.monotonicMs();
      await cluster.clock.advance(30_000);
      const delayMs = (lostAtMs.get("far") ?? Number.NaN) - stoppedMs;
      expect(delayMs).toBeGreaterThan(4_000);
      expect(delayMs).toBeLessThanOrEqual(5_000);
    },
  );
});
