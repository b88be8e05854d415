import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { isNodeReady } from "../../src/api/kinds/node.ts";
import type { Pod } from "../../src/api/kinds/pod.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

function rowsOf(file: string): readonly (readonly string[])[] {
  const text = readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
}

/** Every 64th node and the first 150 pods of the openb cluster. */
async function startOpenb(): Promise<void> {
  cluster = await ClusterUnderTest.start();
  const nodeRows = rowsOf("openb/openb_node_list_all_node.csv").filter((_, index) => index % 64 === 0);
  for (const [name = "", cpuMilli, memoryMib] of nodeRows) {
    await cluster.addNode(name, { cpu: `${cpuMilli}m`, memory: `${memoryMib}Mi` });
  }
  await cluster.clock.settle();
  for (const [name = "", cpuMilli, memoryMib] of rowsOf("openb/openb_pod_list_default.csv").slice(0, 150)) {
    await cluster.launch(name, { cpu: `${cpuMilli}m`, memory: `${memoryMib}Mi` });
  }
  await cluster.clock.advance(1_000);
}

function byNode(pods: readonly Pod[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { spec } of pods) {
    if (spec.nodeName !== undefined) counts.set(spec.nodeName, (counts.get(spec.nodeName) ?? 0) + 1);
  }
  return counts;
}

/** The node with most pods; of several the one created first, which here is the first by name. */
function busiest(pods: readonly Pod[]): string {
  const sorted = [...byNode(pods)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted[0]?.[0] ?? "";
}

function running(pods: readonly Pod[]): number {
  return pods.filter(({ status }) => status.phase === "Running").length;
}

describe("the fail-over worked example", () => {
  it("three crashes and three returns of the busiest node end exactly as written down", async () => {
    await startOpenb();
    expect(running(await cluster.pods())).toBe(150);
    const failed: string[] = [];
    const evicted: number[] = [];
    for (let step = 0; step < 3; step++) {
      const before = await cluster.pods();
      const name = busiest(before);
      failed.push(name);
      evicted.push(byNode(before).get(name) ?? 0);
      await cluster.fail(name);
      await cluster.clock.advance(10_000);
      expect(isNodeReady(await cluster.node(name))).toBe(false);
      expect(running(await cluster.pods())).toBe(150);
    }
    for (const name of failed) {
      await cluster.heal(name);
      await cluster.clock.advance(10_000);
      expect(isNodeReady(await cluster.node(name))).toBe(true);
      expect(running(await cluster.pods())).toBe(150);
    }
    expect(failed).toEqual(["openb-node-0384", "openb-node-0896", "openb-node-1152"]);
    expect(evicted).toEqual([17, 16, 17]);
    const pods = [...(await cluster.pods())].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    const lines = pods.map(({ metadata, spec }) => `${metadata.name} ${spec.nodeName ?? "-"}\n`).join("");
    expect(createHash("sha256").update(lines).digest("hex").slice(0, 8)).toBe("5db913ca");
  });
});
