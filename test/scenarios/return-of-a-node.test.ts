import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isNodeReady } from "../../src/api/kinds/node.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
let twice: string[];

beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  twice = [];
  cluster.clock.every(7, () => {
    const seen = new Set<string>();
    for (const { namespace, name, nodeName } of cluster.runningPods()) {
      const text = `${namespace}/${name}`;
      if (seen.has(text)) twice.push(`${text} also on ${nodeName} at ${cluster.clock.monotonicMs()}`);
      seen.add(text);
    }
  });
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
  expect(twice, "pods that ran on two machines at once").toEqual([]);
});

async function runOn(nodeName: string, name: string, annotations?: Record<string, string>): Promise<void> {
  await cluster.launch(name, { nodeName, restartPolicy: "Never", ...(annotations && { annotations }) });
  await cluster.clock.advance(1_000);
  expect(cluster.runningPods()).toContainEqual(expect.objectContaining({ name, nodeName }));
}

describe("a node that returns before it was missed", () => {
  it("after a hang its pods go on where they were, and the time of the hang does not count", async () => {
    await cluster.addNodes(2);
    await runOn("node-1", "job", { "kubesim.dev/duration": "10s" });
    const { uid } = (await cluster.pod("job")).metadata;
    await cluster.fail("node-1", "node-hang");
    await cluster.clock.advance(2_900);
    expect(cluster.runningPods()).toEqual([]);
    await cluster.heal("node-1", "node-hang");
    await cluster.clock.advance(9_000);
    expect((await cluster.pod("job")).status.phase).toBe("Running");
    await cluster.clock.advance(200);
    const ended = await cluster.pod("job");
    expect(ended.status.phase).toBe("Succeeded");
    expect(ended.metadata.uid).toBe(uid);
    expect(ended.status.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  it("after a crash its pods start again in place, with one more restart and without their progress", async () => {
    await cluster.addNodes(2);
    await runOn("node-1", "job", { "kubesim.dev/duration": "10s" });
    const { uid } = (await cluster.pod("job")).metadata;
    await cluster.clock.advance(5_000);
    await cluster.fail("node-1");
    await cluster.clock.advance(2_000);
    await cluster.heal("node-1");
    await cluster.clock.advance(9_900);
    const again = await cluster.pod("job");
    expect(again.metadata.uid).toBe(uid);
    expect(again.status.phase).toBe("Running");
    expect(again.status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 255, reason: "Unknown" } },
    });
    await cluster.clock.advance(300);
    expect((await cluster.pod("job")).status.phase).toBe("Succeeded");
  });
});

describe("a node that returns after its pods were moved", () => {
  it.each(["node-crash", "node-hang"])("after a %s it runs none of them", async (fault) => {
    await cluster.addNodes(2);
    await runOn("node-1", "web");
    const { uid } = (await cluster.pod("web")).metadata;
    await cluster.fail("node-1", fault);
    await cluster.clock.advance(8_000);
    const moved = await cluster.pod("web");
    expect(moved).toMatchObject({ spec: { nodeName: "node-2" }, status: { phase: "Running" } });
    expect(moved.metadata.uid).not.toBe(uid);
    await cluster.heal("node-1", fault);
    await cluster.clock.advance(30_000);
    expect(isNodeReady(await cluster.node("node-1"))).toBe(true);
    expect(cluster.runningPods()).toEqual([
      { namespace: "default", name: "web", uid: moved.metadata.uid, nodeName: "node-2" },
    ]);
    expect((await cluster.pod("web")).metadata.resourceVersion).toBe(moved.metadata.resourceVersion);
  });

  it("nodes that flap at every instant around the deadline never run a pod twice", async () => {
    await cluster.addNodes(3);
    for (let index = 0; index < 6; index++) await cluster.launch(`pod-${index}`);
    await cluster.clock.advance(1_000);
    for (let waitMs = 2_800; waitMs <= 5_400; waitMs += 130) {
      const fault = waitMs % 20 === 0 ? "node-hang" : "node-crash";
      for (const node of ["node-1", "node-2"]) await cluster.fail(node, fault);
      await cluster.clock.advance(waitMs);
      for (const node of ["node-1", "node-2"]) await cluster.heal(node, fault);
      await cluster.clock.advance(3_000);
      expect(cluster.runningPods(), `after ${waitMs} ms`).toHaveLength(6);
    }
  });
});

describe("pods that are deleted while their node is away", () => {
  it("stay Terminating until the node returns, and are not re-created", async () => {
    await cluster.addNodes(2);
    await runOn("node-1", "web");
    await cluster.fail("node-1");
    await cluster.deletePod("web");
    await cluster.clock.advance(60_000);
    const terminating = await cluster.pod("web");
    expect(terminating.metadata.deletionTimestamp).toBeDefined();
    expect(terminating.metadata.annotations?.["kubesim.dev/moves"]).toBeUndefined();
    await cluster.heal("node-1");
    await cluster.clock.advance(1_000);
    expect(await cluster.pods()).toEqual([]);
  });

  it("a pod that asks not to be rescheduled stays deleted, as in Kubernetes", async () => {
    await cluster.addNodes(2);
    await runOn("node-1", "web", { "kubesim.dev/reschedule": "false" });
    await cluster.fail("node-1");
    await cluster.clock.advance(10_000);
    const terminating = await cluster.pod("web");
    expect(terminating.metadata.deletionTimestamp).toBeDefined();
    expect(podCondition(terminating, "DisruptionTarget")).toMatchObject({
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
    });
    expect(await cluster.events("TaintManagerEviction")).toMatchObject([
      { message: "Marking for deletion Pod default/web" },
    ]);
    await cluster.heal("node-1");
    await cluster.clock.advance(1_000);
    expect(await cluster.pods()).toEqual([]);
  });
});

describe("nodes that leave for good", () => {
  it("bare pods of a node removed by force run elsewhere", async () => {
    await cluster.addNodes(2);
    await cluster.launch("web");
    await cluster.clock.advance(1_000);
    await cluster.removeNode("node-1");
    await cluster.clock.advance(2_000);
    expect(await cluster.pod("web")).toMatchObject({
      spec: { nodeName: "node-2" },
      status: { phase: "Running" },
    });
  });

  it("pods with an owner are left to their owner and collected when the node is gone", async () => {
    await cluster.addNodes(2);
    const owner = { apiVersion: "example.com/v1", kind: "Keeper", name: "web", uid: "1", controller: true };
    await cluster.launch("web-1", { metadata: { ownerReferences: [owner] } });
    await cluster.clock.advance(1_000);
    await cluster.removeNode("node-1");
    await cluster.clock.advance(3_900);
    expect(await cluster.pods()).toHaveLength(1);
    await cluster.clock.advance(200);
    expect(await cluster.pods()).toEqual([]);
  });

  it("evicted bare pods of a drained node move: same name, new uid, place in the queue kept", async () => {
    await cluster.addNodes(2);
    await cluster.launch("web");
    await cluster.clock.advance(1_000);
    const { uid } = (await cluster.pod("web")).metadata;
    await cluster.cordon("node-1");
    await cluster.evict("web");
    await cluster.clock.advance(2_000);
    const moved = await cluster.pod("web");
    expect(moved).toMatchObject({ spec: { nodeName: "node-2" }, status: { phase: "Running" } });
    expect(moved.metadata.uid).not.toBe(uid);
    expect(moved.metadata.annotations?.["kubesim.dev/queue-place"]).toBe(uid);
  });
});
