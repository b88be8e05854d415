import { afterEach, describe, expect, it } from "vitest";
import { type Node, type NodeTaint, nodeCondition, nodes } from "../../src/api/kinds/node.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { modify } from "../../src/api/modify.ts";
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

  it("ends by its exit code and restart policy", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(1);
    const annotations = { "kubesim.dev/duration": "5s", "kubesim.dev/exit-code": "3" };
    await cluster.launch("fails", { annotations, restartPolicy: "Never", cpu: "100m" });
    await cluster.launch("ends", {
      annotations: { "kubesim.dev/duration": "5s", "kubesim.dev/start-delay": "2s" },
      restartPolicy: "OnFailure",
      cpu: "100m",
    });
    await cluster.clock.advance(1_500);
    const creating = (await cluster.pod("ends")).status.containerStatuses?.[0]?.state;
    expect(creating).toEqual({ waiting: { reason: "ContainerCreating" } });
    await cluster.clock.advance(10_000);
    const failed = await cluster.pod("fails");
    expect(failed.status.phase).toBe("Failed");
    expect(failed.status.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 3,
      reason: "Error",
    });
    expect((await cluster.pod("ends")).status.phase).toBe("Succeeded");
  });

  it("restarts at once, then after 10, 20, 40, 80, 160, 300, 300 s; at once again after ten minutes", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(1);
    const annotations = { "kubesim.dev/duration": "1s", "kubesim.dev/exit-code": "1" };
    await cluster.launch("flaky", { annotations, restartPolicy: "Always" });
    await cluster.clock.advance(1_100);
    expect((await cluster.pod("flaky")).status.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      state: { running: {} },
      lastState: { terminated: { exitCode: 1 } },
    });
    expect(await cluster.events("BackOff")).toEqual([]);
    const seen: string[] = [];
    for (const seconds of [10, 20, 40, 80, 160, 300, 300]) {
      await cluster.clock.advance(1_000);
      const waiting = (await cluster.pod("flaky")).status.containerStatuses?.[0]?.state.waiting;
      expect(waiting?.reason).toBe("CrashLoopBackOff");
      seen.push(waiting?.message?.split(" ")[1] ?? "");
      await cluster.clock.advance(seconds * 1_000 - 1);
      expect(cluster.runningPods(), `just before ${seconds} s`).toHaveLength(0);
      await cluster.clock.advance(1);
      expect(cluster.runningPods(), `after ${seconds} s`).toHaveLength(1);
    }
    expect(seen).toEqual(["10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s"]);
    const { uid } = (await cluster.pod("flaky")).metadata;
    expect((await cluster.events("BackOff"))[0]).toMatchObject({
      type: "Warning",
      message: `Back-off restarting failed container main in pod flaky_default(${uid})`,
      count: 7,
    });
    const longer = { "kubesim.dev/duration": "10m", "kubesim.dev/exit-code": "1" };
    await modify(cluster.objects, pods, { namespace: "default", name: "flaky" }, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: longer },
    }));
    await cluster.clock.advance(600_000);
    expect((await cluster.pod("flaky")).status.containerStatuses?.[0]).toMatchObject({
      restartCount: 9,
      state: { running: {} },
    });
  });

  it("a deleted pod is stopped, and confirmed gone well within its grace", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(1);
    await cluster.launch("web");
    await cluster.clock.advance(1_000);
    await cluster.deletePod("web");
    expect((await cluster.pod("web")).metadata.deletionGracePeriodSeconds).toBe(30);
    await cluster.clock.advance(49);
    expect(cluster.runningPods()).toHaveLength(1);
    await cluster.clock.advance(1);
    expect(cluster.runningPods()).toEqual([]);
    expect(await cluster.pods()).toEqual([]);
    expect(await cluster.events("Killing")).toMatchObject([{ message: "Stopping container main" }]);
  });

  it("a pod with a finalizer says how it ended and waits for the finalizer", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(1);
    await cluster.launch("held", { metadata: { finalizers: ["example.com/hold"] } });
    await cluster.clock.advance(1_000);
    await cluster.deletePod("held");
    await cluster.clock.advance(1_000);
    const held = await cluster.pod("held");
    expect(held.status.phase).toBe("Failed");
    expect(held.status.containerStatuses?.[0]?.state.terminated?.exitCode).toBe(143);
    await cluster.objects.patch(
      pods,
      { namespace: "default", name: "held" },
      {
        type: "merge",
        patch: { metadata: { finalizers: null } },
      },
    );
    expect(await cluster.pods()).toEqual([]);
  });

  it("a user's NoExecute taint moves bare pods that do not tolerate it", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(2);
    await cluster.launch("moves");
    const tolerations = [{ key: "team", operator: "Exists" }] as const;
    await cluster.launch("stays", { spec: { tolerations } });
    await cluster.clock.advance(1_000);
    const taints: NodeTaint[] = [{ key: "team", value: "a", effect: "NoExecute" }];
    const tainted = (node: Node): Node => ({ ...node, spec: { ...node.spec, taints } });
    await modify(cluster.objects, nodes, { name: "node-1" }, tainted);
    await cluster.clock.advance(2_000);
    expect((await cluster.pod("moves")).spec.nodeName).toBe("node-2");
    expect((await cluster.pod("stays")).spec.nodeName).toBe("node-1");
    expect(cluster.runningPods()).toHaveLength(2);
  });
});

describe("a control plane that is started again", () => {
  it("finds its machines as it left them: pods go on, faults go on, nothing is written twice", async () => {
    cluster = await ClusterUnderTest.start();
    await cluster.addNodes(3);
    await cluster.launch("job", { annotations: { "kubesim.dev/duration": "60s" }, restartPolicy: "Never" });
    await cluster.launch("web", { nodeName: "node-2" });
    await cluster.clock.advance(20_000);
    await cluster.fail("node-3");
    await cluster.clock.advance(10_000);
    const { clock, store } = cluster;
    cluster.stop();
    const uids = (await cluster.pods()).map(({ metadata }) => metadata.uid);
    const revision = store.revision;
    cluster = await ClusterUnderTest.start({ clock, store });
    await clock.advance(20_000);
    expect(store.revision, "nothing had to be written").toBe(revision);
    expect(cluster.runningPods()).toHaveLength(2);
    expect((await cluster.pods()).map(({ metadata }) => metadata.uid)).toEqual(uids);
    await clock.advance(11_000);
    expect((await cluster.pod("job")).status).toMatchObject({
      phase: "Succeeded",
      containerStatuses: [{ restartCount: 0 }],
    });
    await cluster.heal("node-3");
    await clock.advance(1_000);
    expect(nodeCondition(await cluster.node("node-3"), "Ready")?.status).toBe("True");
  });
});
