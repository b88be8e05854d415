import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type NodeMetrics, nodeMetrics, type PodMetrics, podMetrics } from "../../src/api/kinds/metrics.ts";
import { parseQuantity } from "../../src/api/quantity.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

const DEFAULT = { namespace: "default" };
let cluster: ClusterUnderTest;

beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNode("node-1");
  await cluster.clock.advance(1_000);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function launch(name: string, cpu: string, options: object = {}): Promise<void> {
  await cluster.launch(name, { annotations: { "kubesim.dev/usage-cpu": cpu }, ...options });
  await cluster.clock.advance(1_000);
}

function cpuOf(usage: Readonly<Record<string, string>> | undefined): number {
  return Math.round((parseQuantity(usage?.cpu ?? "0") ?? 0) * 1e6) / 1e3;
}

async function podCpu(name: string): Promise<number> {
  const { containers } = await cluster.objects.get<PodMetrics>(podMetrics, { ...DEFAULT, name });
  return containers.reduce((sum, { usage }) => sum + cpuOf(usage), 0);
}

async function nodeNames(): Promise<string[]> {
  const { items } = await cluster.objects.list<NodeMetrics>(nodeMetrics);
  return items.map(({ metadata }) => metadata.name);
}

describe("usage", () => {
  it("follows what a pod says, in milli cores", async () => {
    await launch("steady", "250m");
    await launch("steps", "trace 0s=100m 1m=300m 2m=0 period 3m");
    expect(await podCpu("steady")).toBe(250);
    expect(await podCpu("steps")).toBe(100);
    await cluster.clock.advance(60_000);
    expect(await podCpu("steps")).toBe(300);
    await cluster.clock.advance(60_000);
    expect(await podCpu("steps")).toBe(0);
    await cluster.clock.advance(60_000);
    expect(await podCpu("steps")).toBe(100);
  });

  it("stays within its bounds, moves, and is the same to everybody who looks", async () => {
    await launch("sine", "sine 100m..400m period 10m");
    await launch("noise", "noise 100m..400m");
    for (const name of ["sine", "noise"]) {
      const seen: number[] = [];
      for (let minute = 0; minute < 20; minute++) {
        seen.push(await podCpu(name));
        expect(await podCpu(name)).toBe(seen.at(-1));
        await cluster.clock.advance(31_000);
      }
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(100);
      expect(Math.max(...seen)).toBeLessThanOrEqual(400);
      expect(new Set(seen).size).toBeGreaterThan(10);
      expect(Math.max(...seen) - Math.min(...seen)).toBeGreaterThan(100);
    }
  });

  it("of a node is that of its pods and a little more; a dead one says nothing, nor do its pods", async () => {
    const before = cpuOf((await cluster.objects.get<NodeMetrics>(nodeMetrics, { name: "node-1" })).usage);
    expect(before).toBeGreaterThan(0);
    await launch("steady", "1");
    const after = cpuOf((await cluster.objects.get<NodeMetrics>(nodeMetrics, { name: "node-1" })).usage);
    expect(after).toBeGreaterThan(1_000);
    expect(after).toBeLessThan(1_200);
    await cluster.fail("node-1", "node-crash");
    await cluster.clock.settle();
    expect(await nodeNames()).toEqual([]);
    await expect(podCpu("steady")).rejects.toMatchObject({ reason: "NotFound" });
  });

  it("is there only while containers run", async () => {
    await cluster.launch("slow", { annotations: { "kubesim.dev/start-delay": "10s" } });
    await cluster.clock.advance(5_000);
    await expect(podCpu("slow")).rejects.toMatchObject({ reason: "NotFound" });
    await cluster.clock.advance(6_000);
    expect(await podCpu("slow")).toBeGreaterThan(0);
  });

  it("of a text that says nothing is the usual one", async () => {
    for (const text of [
      "",
      "much",
      "sine 4..1",
      "noise",
      "trace 5m=1 1m=2",
      "sine 1..2 period 0s",
      "-1",
      "total",
    ]) {
      await cluster.launch("odd", { annotations: { "kubesim.dev/usage-cpu": text } });
      await cluster.clock.advance(1_000);
      expect(await podCpu("odd"), text).toBeGreaterThan(0);
      await cluster.deletePod("odd");
      await cluster.clock.advance(1_000);
    }
  });
});
