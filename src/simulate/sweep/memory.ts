import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { PreparedScenario } from "../prepared.ts";

const MIB = 2 ** 20;

/** What the system, other programs and memory outside of V8's heaps are left with. */
const SHARE_OF_MEMORY = 0.75;

/**
 * From so many nodes and pods on a run is worth a thread, which can be given more memory than a program gets unasked:
 * for all that is kept, and for what is not, which costs less the more of it may come together.
 */
const LARGE_RUN_OBJECTS = 10_000;

/**
 * Room for new objects in each thread, in MiB; when a third of it is full, what is still in use is copied. With four
 * times of what Node gives unasked that happens a quarter as often.
 */
export const YOUNG_MIB = 192;

/**
 * Heap for each of so many runs at a time, in MiB: they share what the machine (or its container) has, for nothing else
 * is done meanwhile. Never less than Node's own limit, which is at most 4 GiB however much there is.
 */
export function heapPerRunMib(workers: number): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const own = getHeapStatistics().heap_size_limit;
  return Math.floor(Math.max(own, (SHARE_OF_MEMORY * memory) / workers) / MIB);
}

/** Whether a run is better off in a thread of its own. Where chance acts, all pods may come anew every minute. */
export function isLarge({ scenario, nodes, arrivals, samples }: PreparedScenario): boolean {
  const drawn = scenario.workload.map((source) => ("count" in source ? (source.count ?? 0) : 0));
  const read = [nodes.length, arrivals.length, ...samples.map(({ rows }) => rows.length)];
  const objects = [...drawn, ...read].reduce((sum, count) => sum + count, 0);
  const minutes = scenario.faults.length === 0 ? 1 : Math.max(1, (scenario.durationMs ?? 0) / 60_000);
  return objects * minutes > LARGE_RUN_OBJECTS;
}
