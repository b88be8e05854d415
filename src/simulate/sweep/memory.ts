import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { PreparedScenario } from "../prepared.ts";

const MIB = 2 ** 20;

/** What the system, other programs and memory outside of V8's heaps are left with. */
const SHARE_OF_MEMORY = 0.75;

/** So many nodes and pods take about half of the heap that Node gives a program that asks for none. */
const LARGE_RUN_OBJECTS = 200_000;

/**
 * Heap for each of so many runs at a time, in MiB: they share what the machine (or its container) has, for nothing else
 * is done meanwhile. Never less than Node's own limit, which is at most 4 GiB however much there is.
 */
export function heapPerRunMib(workers: number): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const own = getHeapStatistics().heap_size_limit;
  return Math.floor(Math.max(own, (SHARE_OF_MEMORY * memory) / workers) / MIB);
}

/** Whether a run may need more heap than a program gets unasked. Only threads can be given more. */
export function isLarge({ scenario, nodes, arrivals, samples }: PreparedScenario): boolean {
  const drawn = scenario.workload.map((source) => ("count" in source ? (source.count ?? 0) : 0));
  const read = [nodes.length, arrivals.length, ...samples.map(({ rows }) => rows.length)];
  return [...drawn, ...read].reduce((sum, count) => sum + count, 0) > LARGE_RUN_OBJECTS;
}
