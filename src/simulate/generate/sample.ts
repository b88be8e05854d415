import type { Pod } from "../../api/kinds/pod.ts";
import { podRequestAmounts } from "../../api/pod-demand.ts";
import { createRandom, type Random } from "../../lib/random.ts";
import type { Arrival, PreparedScenario } from "../prepared.ts";
import { draftOf } from "../sources/pod-of.ts";

/** A file's pods that each seed brings in another order, and perhaps in another number. All come at the start. */
export interface Sample {
  /** Tells its streams of chance from those of others. */
  readonly name: string;
  /** Pods as the file has them. */
  readonly rows: readonly Arrival[];
  readonly isShuffled: boolean;
  /** How much of a resource all of them together are to ask for. */
  readonly target?: { readonly resource: string; readonly amount: number };
}

/**
 * The pods of one run. Where the file's ask for too little, some of them come again, each as likely as the next, behind
 * the others and until the next one would be too much; where they ask for too much, some are left out.
 * @param random the run's stream for workloads
 */
function drawSample({ name, rows, isShuffled, target }: Sample, random: Random): readonly Arrival[] {
  const own = random.stream(name);
  const arrivals = [...rows];
  if (isShuffled) shuffle(arrivals, own.stream("order"));
  if (target === undefined) return arrivals;
  const chance = own.stream("demand");
  const asks = (arrival: Arrival) => askedOf(arrival, target.resource);
  let sum = arrivals.reduce((total, arrival) => total + asks(arrival), 0);
  while (sum > target.amount) {
    const [gone] = arrivals.splice(chance.below(arrivals.length), 1);
    sum -= asks(gone as Arrival);
  }
  for (let again = 1; ; again++) {
    const row = rows[chance.below(rows.length)] as Arrival;
    sum += asks(row);
    if (sum > target.amount) return arrivals;
    arrivals.push(copyOf(row, again));
  }
}

/** All that the files of a scenario bring in a run with this seed, by time, then in the order of the workload. */
export function filesArrivals(
  { arrivals, samples }: Pick<PreparedScenario, "arrivals" | "samples">,
  seed: string,
): readonly Arrival[] {
  if (samples.length === 0) return arrivals;
  const random = createRandom(seed).stream("workload");
  const sampled = samples.flatMap((sample) => drawSample(sample, random));
  return [...arrivals, ...sampled].sort((a, b) => a.atMs - b.atMs);
}

/** What a pod asks for of a resource, in scheduler units. */
export function askedOf(arrival: Arrival, resource: string): number {
  return podRequestAmounts((draftOf(arrival) as unknown as Pod).spec)[resource] ?? 0;
}

/** The same pod under a name of its own. */
function copyOf(row: Arrival, again: number): Arrival {
  const suffix = `-again-${again}`;
  if (!("draft" in row)) return { ...row, id: `${row.id}${suffix}`, name: `${row.name}${suffix}` };
  const { metadata, ...rest } = row.draft;
  return {
    ...row,
    id: `${row.id}${suffix}`,
    draft: { ...rest, metadata: { ...metadata, name: `${metadata.name}${suffix}` } },
  };
}

/** Fisher and Yates: every order is as likely as the next. */
function shuffle<T>(items: T[], random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
}
