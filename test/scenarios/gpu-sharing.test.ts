import { describe, expect, it } from "vitest";
import { GPU_MILLI } from "../../src/api/gpu.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import { Annotation } from "../../src/api/well-known.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

async function addGpuNode(cluster: ClusterUnderTest, name: string, milli: string): Promise<void> {
  await cluster.objects.create(nodes, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {},
    status: { capacity: { cpu: "64", memory: "64Gi", pods: "110", [GPU_MILLI]: milli } },
  });
}

async function launch(cluster: ClusterUnderTest, name: string, milli: string, priority = 0): Promise<void> {
  const amounts = { [GPU_MILLI]: milli };
  const resources = { requests: { cpu: "1", ...amounts }, limits: amounts };
  await cluster.launch(name, {
    spec: { priority, containers: [{ name: "main", image: "busybox", resources }] },
  });
  await cluster.clock.settle();
}

/** `node-1: 0,2`, or `waits`. */
async function whereabouts(cluster: ClusterUnderTest): Promise<Record<string, string>> {
  const found = (await cluster.pods()).map(({ metadata, spec }) => {
    const devices = metadata.annotations?.[Annotation.gpuDevices];
    return [metadata.name, spec.nodeName === undefined ? "waits" : `${spec.nodeName}: ${devices}`];
  });
  return Object.fromEntries(found);
}

describe("GPUs that pods share", () => {
  it("are counted device by device, whatever their sum says, and recorded on the pod", async () => {
    const cluster = await ClusterUnderTest.start();
    await addGpuNode(cluster, "node-1", "3000");
    for (const [name, milli] of [
      ["a", "600"],
      ["b", "600"],
      ["c", "400"],
      ["whole", "1000"],
      ["d", "500"],
      ["pair", "2000"],
      ["e", "400"],
    ] as const) {
      await launch(cluster, name, milli);
    }
    expect(await whereabouts(cluster)).toEqual({
      a: "node-1: 0",
      b: "node-1: 1",
      c: "node-1: 0",
      whole: "node-1: 2",
      d: "waits",
      pair: "waits",
      e: "node-1: 1",
    });
    const waiting = (await cluster.pod("d")).status.conditions?.[0];
    expect(waiting?.message).toContain(`0/1 nodes are available: 1 Insufficient ${GPU_MILLI}.`);
    await cluster.deletePod("b");
    await cluster.clock.advance(60_000);
    expect((await whereabouts(cluster)).d).toBe("node-1: 1");
    expect(cluster.errors).toEqual([]);
    cluster.stop();
  });

  it("are remembered by a scheduler that starts again", async () => {
    const before = await ClusterUnderTest.start();
    await addGpuNode(before, "node-1", "2000");
    await launch(before, "a", "900");
    await launch(before, "b", "500");
    await before.deletePod("a");
    await before.clock.advance(60_000);
    expect(await whereabouts(before)).toEqual({ b: "node-1: 1" });
    const { clock, store } = before;
    before.stop();
    const after = await ClusterUnderTest.start({ clock, store });
    await launch(after, "c", "800");
    await launch(after, "d", "500");
    expect(await whereabouts(after)).toEqual({ b: "node-1: 1", c: "node-1: 0", d: "node-1: 1" });
    after.stop();
  });

  it("are given anew to pods that are moved off a lost node", async () => {
    const cluster = await ClusterUnderTest.start();
    await addGpuNode(cluster, "node-1", "2000");
    await launch(cluster, "filler", "1000");
    await launch(cluster, "moves", "300");
    expect((await whereabouts(cluster)).moves).toBe("node-1: 1");
    await addGpuNode(cluster, "node-2", "1000");
    await cluster.fail("node-1");
    await cluster.clock.advance(60_000);
    const found = await whereabouts(cluster);
    expect(found.filler).toBe("node-2: 0");
    expect(found.moves).toBe("waits");
    const { annotations } = (await cluster.pod("moves")).metadata;
    expect(annotations).not.toHaveProperty([Annotation.gpuDevices]);
    await cluster.heal("node-1");
    await cluster.clock.advance(60_000);
    expect((await whereabouts(cluster)).moves).toBe("node-1: 0");
    cluster.stop();
  });

  it("are preempted by device: who leaves is who frees one that is large enough", async () => {
    const cluster = await ClusterUnderTest.start();
    await addGpuNode(cluster, "node-1", "2000");
    await launch(cluster, "low", "700", 0);
    await launch(cluster, "high", "700", 100);
    await launch(cluster, "middle", "500", 10);
    await cluster.clock.advance(60_000);
    const found = await whereabouts(cluster);
    expect(found).toMatchObject({ high: "node-1: 1", middle: "node-1: 0" });
    expect(found.low).toBeUndefined();
    cluster.stop();
  });

  it.each(["1500", "2001"])("nobody can ask for %s thousandths", async (milli) => {
    const cluster = await ClusterUnderTest.start();
    await expect(launch(cluster, "odd", milli)).rejects.toThrow(
      `must be at most 1000 (a share of one device) or a multiple of 1000 (whole devices)`,
    );
    cluster.stop();
  });
});
