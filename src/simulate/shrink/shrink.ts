import type { ChaosEvent } from "../../chaos/events.ts";
import type { PreparedScenario } from "../prepared.ts";
import { arrivalsOf } from "../run/arrivals-of.ts";
import type { FixedEvent } from "../scenario/scenario.ts";
import type { Run } from "../sweep/runs.ts";
import { type Failure, failureOf } from "./failure.ts";
import { minimize } from "./minimize.ts";

/** What shrinking came to. */
export interface Shrunk {
  readonly prepared: PreparedScenario;
  readonly failure: Failure;
  /** Runs that it took. */
  readonly runs: number;
}

/**
 * Looks for a small scenario in which a run still fails in the same way: faults by chance become events at fixed times,
 * then pods, events and nodes go for as long as it still fails, and the time behind the failure. When the signal is
 * aborted, the smallest that has been found so far is the answer; undefined when the run does not fail at all.
 */
export async function shrink(
  original: PreparedScenario,
  run: Run,
  signal: Pick<AbortSignal, "aborted">,
  onProgress: (runs: number) => void = () => undefined,
): Promise<Shrunk | undefined> {
  const faults: FixedEvent[] = [];
  const failure = await failureOf(original, run, signal, (event) => faults.push(...fixed(event)));
  if (failure === undefined || signal.aborted) return undefined;
  let runs = 1;
  let best = original;
  const fails = async (candidate: PreparedScenario): Promise<boolean> => {
    if (signal.aborted) return false;
    onProgress(++runs);
    if ((await failureOf(candidate, run, signal))?.kind !== failure.kind || signal.aborted) return false;
    best = candidate;
    return true;
  };
  const arrivals = await arrivalsOf(original, run.seed, signal);
  const plain = { ...original, arrivals, samples: [], scenario: { ...original.scenario, workload: [] } };
  await fails({ ...plain, scenario: { ...plain.scenario, ...eventsOnly(original, faults) } });
  if (best === original) await fails(plain);
  await fails(withDuration(best, failure.atMs + 1_000));
  for (let size = Number.POSITIVE_INFINITY; sizeOf(best) < size; ) {
    size = sizeOf(best);
    await minimize(best.arrivals, (part) => fails({ ...best, arrivals: part }));
    await minimize(best.scenario.events, (events) =>
      fails({ ...best, scenario: { ...best.scenario, events } }),
    );
    await minimize(best.nodes, (nodes) => fails({ ...best, nodes }));
  }
  return { prepared: best, failure, runs };
}

/** Faults that have happened, as a scenario writes them down. */
function fixed(event: ChaosEvent): readonly FixedEvent[] {
  if (event.type === "node-healed") return [{ atMs: event.t, action: "heal", target: event.node }];
  if (event.type !== "fault-injected") return [];
  const action = event.fault === "node-hang" ? "hang" : "crash";
  return [{ atMs: event.t, action, target: event.node }];
}

/** In place of chance, what it came to; of the events that stand there, those that are no faults. */
function eventsOnly({ scenario }: PreparedScenario, faults: readonly FixedEvent[]) {
  const others = scenario.events.filter(({ action }) => !["crash", "hang", "heal"].includes(action));
  const events = [...others, ...faults].sort((a, b) => a.atMs - b.atMs);
  return { faults: [], events };
}

function withDuration(prepared: PreparedScenario, durationMs: number): PreparedScenario {
  return { ...prepared, scenario: { ...prepared.scenario, durationMs } };
}

function sizeOf({ arrivals, nodes, scenario }: PreparedScenario): number {
  return arrivals.length + nodes.length + scenario.events.length;
}
