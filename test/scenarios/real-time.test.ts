import { describe, expect, it } from "vitest";
import { type Node, nodeCondition, nodes } from "../../src/api/kinds/node.ts";
import { type NodeFault, nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import type { Draft } from "../../src/api/meta.ts";
import { RealClock } from "../../src/clock/real.ts";
import { startControlPlane } from "../../src/cluster/control-plane.ts";
import { MemoryStore } from "../../src/store/memory.ts";

/** A busy machine may be this late. */
const SLACK_MS = 60_000;

function node(name: string): Draft<Node> {
  return { apiVersion: "v1", kind: "Node", metadata: { name }, spec: {}, status: { capacity: { cpu: "4" } } };
}

function pod(name: string): Draft<Pod> {
  const resources = { requests: { cpu: "1" } };
  const containers = [{ name: "main", image: "busybox", resources }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers },
    status: { phase: "Pending" },
  };
}

function crash(nodeName: string): Draft<NodeFault> {
  const metadata = { name: nodeName };
  const spec = { nodeName, fault: "node-crash" };
  return { apiVersion: "kubesim.dev/v1alpha1", kind: "NodeFault", metadata, spec, status: {} };
}

describe("on the machine's own clock", () => {
  it("a crash is noticed, no sooner than the profile says, and then all pods run elsewhere", async () => {
    const clock = new RealClock();
    const errors: unknown[] = [];
    const onError = (_: string, error: unknown) => errors.push(error);
    const settings = { seed: "real" };
    const cluster = await startControlPlane({ store: new MemoryStore(), clock, settings, onError });
    const until = async (holds: () => Promise<boolean>) => {
      const startMs = clock.monotonicMs();
      while (!(await holds())) {
        expect(clock.monotonicMs() - startMs).toBeLessThan(SLACK_MS);
        await clock.sleep(20);
      }
    };
    const { objects } = cluster;
    try {
      for (const name of ["node-1", "node-2", "node-3"]) await objects.create<Node>(nodes, node(name));
      for (let index = 0; index < 8; index++) await objects.create<Pod>(pods, pod(`pod-${index}`));
      await until(async () => cluster.runningPods().length === 8);
      const crashedMs = clock.monotonicMs();
      await objects.create<NodeFault>(nodeFaults, crash("node-1"));
      const isNoticed = async () => {
        const { items } = await objects.list(nodes);
        return items.some((item) => nodeCondition(item, "Ready")?.status === "Unknown");
      };
      await until(isNoticed);
      expect(clock.monotonicMs() - crashedMs).toBeGreaterThan(2_990);
      await until(async () => cluster.runningPods().length === 8);
      const nodesInUse = new Set(cluster.runningPods().map(({ nodeName }) => nodeName));
      expect([...nodesInUse].sort()).toEqual(["node-2", "node-3"]);
      expect(errors).toEqual([]);
    } finally {
      cluster.stop();
    }
  });
});
