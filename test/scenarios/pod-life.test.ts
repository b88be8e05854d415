import { afterEach, describe, expect, it } from "vitest";
import { nodeCondition } from "../../src/api/kinds/node.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

describe("life of a node", () => {
  it("a node that is only named becomes a ready machine with a kubelet's words", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNode("node-1");
    await cluster.clock.settle();
    const node = await cluster.node("node-1");
    expect(nodeCondition(node, "Ready")).toMatchObject({
      status: "True",
      reason: "KubeletReady",
      message: "kubelet is posting ready status",
    });
    expect(node.spec.taints).toBeUndefined();
    expect(node.status.allocatable).toMatchObject({ cpu: "4", memory: "16Gi", pods: "110" });
    expect(node.metadata.labels).toMatchObject({
      "kubernetes.io/hostname": "node-1",
      "kubernetes.io/os": "linux",
    });
    expect(node.status.nodeInfo?.kubeletVersion).toBe("v1.33.0-kubesim");
  });

  it("an idle cluster writes nothing and has nothing to do", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(50);
    await cluster.clock.advance(5_000);
    const before = cluster.store.revision;
    await cluster.clock.advance(600_000);
    expect(cluster.store.revision).toBe(before);
  });
});

describe("life of a pod", () => {
  it("a pod is placed, runs after its start delay and ends after its duration", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(1);
    await cluster.launch("pod-1", { annotations: { "kubesim.dev/duration": "30s" }, restartPolicy: "Never" });
    await cluster.clock.advance(99);
    expect((await cluster.pod("pod-1")).status.phase).toBe("Pending");
    await cluster.clock.advance(1);
    const running = await cluster.pod("pod-1");
    expect(running.spec.nodeName).toBe("node-1");
    expect(running.status.phase).toBe("Running");
    expect(running.status.podIP).toMatch(/^10\.128\./);
    for (const type of [
      "PodScheduled",
      "PodReadyToStartContainers",
      "Initialized",
      "Ready",
      "ContainersReady",
    ]) {
      expect(podCondition(running, type)?.status, type).toBe("True");
    }
    await cluster.clock.advance(30_000);
    const ended = await cluster.pod("pod-1");
    expect(ended.status.phase).toBe("Succeeded");
    expect(ended.status.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 0,
      reason: "Completed",
    });
    expect(podCondition(ended, "Ready")).toMatchObject({ status: "False", reason: "PodCompleted" });
  });
});
