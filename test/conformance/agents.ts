import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Agent } from "../../src/agents/agent.ts";
import { leases } from "../../src/api/kinds/lease.ts";
import { isNodeReady, nodeCondition } from "../../src/api/kinds/node.ts";
import { nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { podCondition } from "../../src/api/kinds/pod-condition.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";

/** What every kind of node agent does, whatever its machines are made of. */
export function agentConformance(agent: Agent): void {
  describe(`agent ${agent.name}`, () => {
    let cluster: ClusterUnderTest;
    const annotations = { "kubesim.dev/agent": agent.name };
    const leaseKey = { namespace: "kube-node-lease", name: "node-1" };

    beforeEach(async () => {
      cluster = await ClusterUnderTest.start();
      await cluster.addNode("node-1", { annotations });
      await cluster.clock.advance(1_000);
    });
    afterEach(() => {
      cluster.stop();
      expect(cluster.errors).toEqual([]);
    });

    it("reports what a kubelet reports", async () => {
      const node = await cluster.node("node-1");
      expect(isNodeReady(node)).toBe(true);
      for (const type of ["MemoryPressure", "DiskPressure", "PIDPressure"]) {
        expect(nodeCondition(node, type)?.status, type).toBe("False");
      }
      expect(node.status.allocatable).toMatchObject({ cpu: "4", pods: "110" });
      expect(node.status.addresses).toContainEqual({ type: "Hostname", address: "node-1" });
    });

    it("renews its Lease while it is well", async () => {
      const first = await cluster.objects.get(leases, leaseKey);
      expect(first.spec.holderIdentity).toBe("node-1");
      await cluster.clock.advance(2_000);
      const second = await cluster.objects.get(leases, leaseKey);
      expect(Date.parse(second.spec.renewTime ?? "")).toBeGreaterThan(Date.parse(first.spec.renewTime ?? ""));
    });

    it("runs a bound pod and ends it by its annotations", async () => {
      await cluster.launch("job", { restartPolicy: "Never", annotations: { "kubesim.dev/duration": "5s" } });
      await cluster.clock.advance(1_000);
      const running = await cluster.pod("job");
      expect(running.status.phase).toBe("Running");
      expect(podCondition(running, "Ready")?.status).toBe("True");
      await cluster.clock.advance(5_000);
      expect((await cluster.pod("job")).status.phase).toBe("Succeeded");
    });

    it("confirms that a deleted pod is gone", async () => {
      await cluster.launch("web");
      await cluster.clock.advance(1_000);
      await cluster.deletePod("web");
      await cluster.clock.advance(1_000);
      expect(await cluster.pods()).toEqual([]);
    });

    it.each(["node-crash", "node-hang"])("obeys a %s until it is deleted", async (fault) => {
      await cluster.fail("node-1", fault);
      await cluster.clock.settle();
      const { status } = await cluster.objects.get(nodeFaults, { name: `node-1-${fault}` });
      expect(status.injectedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      const renewed = (await cluster.objects.get(leases, leaseKey)).spec.renewTime;
      await cluster.clock.advance(10_000);
      expect((await cluster.objects.get(leases, leaseKey)).spec.renewTime).toBe(renewed);
      await cluster.heal("node-1", fault);
      await cluster.clock.advance(1_000);
      expect(isNodeReady(await cluster.node("node-1"))).toBe(true);
      expect((await cluster.objects.get(leases, leaseKey)).spec.renewTime).not.toBe(renewed);
    });

    it("takes its Lease away with its Node", async () => {
      await cluster.removeNode("node-1");
      await cluster.clock.settle();
      expect((await cluster.objects.list(leases)).items).toEqual([]);
    });
  });
}
