import { createRandom } from "../../lib/random.ts";
import { filesArrivals } from "../generate/sample.ts";
import type { Arrival, PreparedScenario } from "../prepared.ts";
import { generate } from "../sources/generated.ts";

/** All that comes in a run, by time: what the files bring, then what is drawn, as far as nobody interrupts it. */
export async function arrivalsOf(
  prepared: PreparedScenario,
  seed: string,
  signal: Pick<AbortSignal, "aborted">,
): Promise<readonly Arrival[]> {
  const { scenario } = prepared;
  const arrivals = filesArrivals(prepared, seed);
  const random = createRandom(seed).stream("workload");
  const endMs = scenario.durationMs ?? Number.POSITIVE_INFINITY;
  const drawn: Arrival[] = [];
  for (const source of scenario.workload) {
    if ("file" in source) continue;
    for (const arrival of await generate(source, random, endMs, signal)) drawn.push(arrival);
  }
  return drawn.length === 0 ? arrivals : [...arrivals, ...drawn].sort((a, b) => a.atMs - b.atMs);
}
