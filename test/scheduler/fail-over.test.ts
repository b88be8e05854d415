import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

/**
 * Goal: evicted pods keep their place in the queue and are tried once with those that waited, so that fail-over is
 * comparable bit for bit. Method: every 64th openb node, the first 150 pods; the busiest node crashes, three times,
 * then they come back in that order. The figures are known.
 */
test("the fail-over example comes out exactly", async () => {
  const cluster = await SchedulerUnderTest.start();
  const nodeRows = csvRows("openb_node_list_all_node.csv").filter((_, at) => at % 64 === 0);
  expect(nodeRows.length).toBe(24);
  for (const [name, cpu, memory] of nodeRows) {
    await cluster.addNode(name as string, { cpu: `${cpu}m`, memory: `${memory}Mi` });
  }
  const podNames: string[] = [];
  for (const [name, cpu, memory] of csvRows("openb_pod_list_default.csv").slice(0, 150)) {
    await cluster.addPod(name as string, { cpu: `${cpu}m`, memory: `${memory}Mi` });
    podNames.push(name as string);
  }
  await cluster.settle();

  const crashed: string[] = [];
  const evicted: number[] = [];
  for (let round = 0; round < 3; round++) {
    const places = await cluster.places();
    const busiest = busiestOf(
      nodeRows.map(([name]) => name as string),
      places,
    );
    const lost = podNames.filter((name) => places[name] === busiest);
    crashed.push(busiest);
    evicted.push(lost.length);
    await cluster.setReady(busiest, "Unknown");
    // In any order: the queue puts them right.
    for (const name of lost.toReversed()) await recreate(cluster, name);
    await cluster.settle();
    expect(Object.values(await cluster.places())).not.toContain("-");
  }
  for (const name of crashed) {
    await cluster.setReady(name, "True");
    await cluster.settle();
    expect(Object.values(await cluster.places())).not.toContain("-");
  }
  expect(crashed).toEqual(["openb-node-0384", "openb-node-0896", "openb-node-1152"]);
  expect(evicted).toEqual([17, 16, 17]);
  const places = await cluster.places();
  const lines = podNames.map((name) => `${name} ${places[name]}\n`).join("");
  expect(createHash("sha256").update(lines).digest("hex").slice(0, 8)).toBe("5db913ca");
});

function busiestOf(nodeNames: readonly string[], places: Readonly<Record<string, string>>): string {
  const counts = nodeNames.map((name) => Object.values(places).filter((place) => place === name).length);
  return nodeNames[counts.indexOf(Math.max(...counts))] as string;
}

async function recreate(cluster: SchedulerUnderTest, name: string): Promise<void> {
  const { metadata, spec } = await cluster.pod(name);
  const { nodeName: _left, ...rest } = spec;
  const place = metadata.annotations?.["kubesim.dev/queue-place"] ?? metadata.uid;
  const successor = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", annotations: { "kubesim.dev/queue-place": place } },
    spec: rest,
    status: { phase: "Pending" as const },
  };
  await cluster.objects.create<Pod>(pods, successor, { replaces: metadata.uid });
}

function csvRows(file: string): string[][] {
  const text = readFileSync(new URL(`../../fixtures/openb/${file}`, import.meta.url), "utf8");
  const [, ...rows] = text.trim().split("\n");
  return rows.map((row) => row.split(","));
}
