import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../lib/random.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { podShape } from "../cache/pod-shape.ts";
import { findStrategy } from "../strategies/registry.ts";
import type { Strategy } from "../strategy.ts";
import { Placer } from "./placer.ts";
import { nodeSpec, placeablePod, tenant } from "./testing.ts";

/**
 * Goal: placements are comparable bit for bit with what others get by the rule: pods and nodes in file order, ties to
 * the node created first, pods that fit nowhere stay behind. Method: real lists with known results.
 */
const MEBIBYTE = 2 ** 20;

describe.each([
  ["first-fit", "cpu", 8152, 0, 1071, "e7d6273a"],
  ["best-fit", "cpu", 8152, 0, 1159, "4272c91a"],
  ["worst-fit", "cpu", 8131, 21, 1202, "3e7e56aa"],
  ["first-fit", "cpu and memory", 8152, 0, 1077, "5c41b105"],
  ["best-fit", "cpu and memory", 8152, 0, 1165, "77428ef5"],
  ["worst-fit", "cpu and memory", 8131, 21, 1202, "ef8c136f"],
])("openb's default pods on all nodes, %s, %s", (name, resources, placed, pending, used, digest) => {
  const withMemory = resources === "cpu and memory";
  test.each([["by index"], ["by scanning"]])("%s", (way) => {
    const strategy = findStrategy(name) as Strategy;
    const { score, summary } = strategy;
    const result = placeOpenb(way === "by index" ? strategy : { name, summary, score }, withMemory);
    expect(result).toEqual({ placed, pending, used, digest });
  });
});

describe("Falkenauer's binpack1, bins opened on demand, summed over its 20 instances", () => {
  test.each([
    ["first-fit", "as they come", 1044],
    ["best-fit", "as they come", 1038],
    ["worst-fit", "as they come", 1131],
    ["first-fit", "largest first", 995],
    ["best-fit", "largest first", 995],
    ["worst-fit", "largest first", 1003],
  ])("%s, items %s: %i bins", (name, order, bins) => {
    const strategy = findStrategy(name) as Strategy;
    let sum = 0;
    for (const { capacity, sizes } of binpackInstances()) {
      const items = order === "largest first" ? sizes.toSorted((a, b) => b - a) : sizes;
      sum += binsUsed(strategy, capacity, items);
    }
    expect(sum).toBe(bins);
  });
});

function placeOpenb(strategy: Strategy, withMemory: boolean) {
  const state = new ClusterState();
  for (const [name, cpu, memory] of csvRows("openb_node_list_all_node.csv")) {
    state.setNode(
      nodeSpec(name as string, { cpu: Number(cpu), memory: Number(memory) * MEBIBYTE, pods: 1_000 }),
    );
  }
  const placer = new Placer(state, createRandom("worked"));
  const lines: string[] = [];
  const used = new Set<string>();
  for (const [name, cpu, memory] of csvRows("openb_pod_list_default.csv")) {
    const requests = { cpu: Number(cpu), memory: withMemory ? Number(memory) * MEBIBYTE : 0 };
    const pod = placeablePod(name as string, requests);
    const node = placer.place(pod, strategy)?.node;
    if (node !== undefined) {
      state.assume(tenant(pod.name, pod.shape), node);
      used.add(node.name);
    }
    lines.push(`${name} ${node?.name ?? "-"}\n`);
  }
  const digest = createHash("sha256").update(lines.join("")).digest("hex").slice(0, 8);
  const pending = lines.filter((line) => line.endsWith(" -\n")).length;
  return { placed: lines.length - pending, pending, used: used.size, digest };
}

function csvRows(file: string): string[][] {
  const text = readFileSync(new URL(`../../../fixtures/openb/${file}`, import.meta.url), "utf8");
  const [, ...rows] = text.trim().split("\n");
  return rows.map((row) => row.split(","));
}

/** A bin is a node; the next one is added when an item fits in none. */
function binsUsed(strategy: Strategy, capacity: number, items: readonly number[]): number {
  const state = new ClusterState();
  const placer = new Placer(state, createRandom("bins"));
  for (const [at, size] of items.entries()) {
    const pod = placeablePod(`item-${at}`, { cpu: size });
    let placement = placer.place(pod, strategy);
    if (placement === undefined) {
      const name = `bin-${String(state.nodesTotal).padStart(4, "0")}`;
      state.setNode(nodeSpec(name, { cpu: capacity, memory: 0, pods: 1_000 }));
      placement = placer.place(pod, strategy);
    }
    state.assume(tenant(pod.name, podShape(pod.requests)), placement?.node as NodeEntry);
  }
  return state.nodesTotal;
}

function binpackInstances(): { capacity: number; sizes: number[] }[] {
  const url = new URL("../../../fixtures/binpack/binpack1.txt", import.meta.url);
  const words = readFileSync(url, "utf8").trim().split(/\s+/);
  const instances: { capacity: number; sizes: number[] }[] = [];
  for (let at = 1; at < words.length; ) {
    const [capacity, count] = [Number(words[at + 1]), Number(words[at + 2])];
    instances.push({ capacity, sizes: words.slice(at + 4, at + 4 + count).map(Number) });
    at += 4 + count;
  }
  return instances;
}
