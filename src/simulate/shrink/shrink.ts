import type { ChaosEvent } from "../../chaos/events.ts";
import { onDemandShapes } from "../prepare.ts";
import type { PreparedScenario } from "../prepared.ts";
import { arrivalsOf } from "../run/arrivals-of.ts";
import { eventFault } from "../scenario/check-events.ts";
import type { FixedEvent } from "../scenario/scenario.ts";
import type { Run } from "../sweep/runs.ts";
import { type Failure, failureOf, isAlike } from "./failure.ts";
import { minimize } from "./minimize.ts";

/** What shrinking came to. */
export interface Shrunk {
  readonly prepared: PreparedScenario;
  readonly failure: Failure;
  /** Runs that it took. */
  readonly runs: number;
  /** Pods of the whole run. */
  readonly podsBefore: number;
}

/** A run that has failed is kept whole, whoever interrupts what follows. */
const UNDISTURBED = { aborted: false };

/**
 * Looks for a small scenario in which a run still fails in the same way: faults by chance become events at fixed times,
 * then pods, events and nodes go for as long as it still fails, and the time behind the failure. When the signal is
 * aborted, the smallest that has been found so far is the answer; undefined when the run does not fail at all.
 */
export async function shrink(
  original: PreparedScenario,
  run: Run,
  signal: Pick<AbortSignal, "aborted">,
  onFailure: (failure: Failure) => void = () => undefined,
): Promise<Shrunk | undefined> {
  const faults: FixedEvent[] = [];
  const failure = await failureOf(original, run, signal, (event) => faults.push(...fixed(event)));
  if (failure === undefined || signal.aborted) return undefined;
  onFailure(failure);
  const arrivals = await arrivalsOf(original, run.seed, UNDISTURBED);
  const plain: PreparedScenario = {
    ...original,
    arrivals,
    samples: [],
    scenario: { ...original.scenario, workload: [] },
  };
  let runs = 1;
  // The same run, pod by pod.
  let best = plain;
  let last = failure;
  const fails = async (candidate: PreparedScenario): Promise<boolean> => {
    if (signal.aborted || !canBeWritten(candidate)) return false;
    runs++;
    const found = await failureOf(candidate, run, signal);
    if (found === undefined || !isAlike(failure, found) || signal.aborted) return false;
    best = candidate;
    last = found;
    return true;
  };
  await fails({ ...plain, scenario: { ...plain.scenario, ...eventsOnly(original, faults) } });
  for (let size = Number.POSITIVE_INFINITY; sizeOf(best) < size; ) {
    size = sizeOf(best);
    await shorten(last.atMs, (durationMs) => fails(withDuration(best, durationMs)));
    await minimize(best.arrivals, (part) => fails({ ...best, arrivals: part }));
    await minimize(best.scenario.events, (events) =>
      fails({ ...best, scenario: { ...best.scenario, events } }),
    );
    await minimize(best.nodes, (nodes) => fails(withNodes(best, nodes)));
  }
  return { prepared: best, failure: last, runs, podsBefore: arrivals.length };
}

/**
 * Looks for a short time in which it still fails, in seconds: twice as long as need be, or less.
 * @param lastMs when the last thing happened in a run that fails
 */
async function shorten(lastMs: number, fails: (durationMs: number) => Promise<boolean>): Promise<void> {
  let seconds = Math.ceil(lastMs / 1_000) + 1;
  if (!(await fails(seconds * 1_000))) return;
  while (seconds > 1 && (await fails(Math.ceil(seconds / 2) * 1_000))) seconds = Math.ceil(seconds / 2);
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

/** What is done to nodes that are left out is left out, too. */
function withNodes(prepared: PreparedScenario, nodes: PreparedScenario["nodes"]): PreparedScenario {
  const { scenario } = prepared;
  const fewer = (events: readonly FixedEvent[]) => ({
    ...prepared,
    nodes,
    scenario: { ...scenario, events },
  });
  let { events } = scenario;
  for (let fault = eventFault(fewer(events)); fault !== undefined; fault = eventFault(fewer(events))) {
    const { index } = fault;
    events = events.filter((_, at) => at !== index);
  }
  return fewer(events);
}

/** A scenario without nodes or without a workload is refused, as is one with events that cannot be carried out. */
function canBeWritten(prepared: PreparedScenario): boolean {
  const { nodes, arrivals, scenario } = prepared;
  return (
    arrivals.length > 0 &&
    nodes.length + onDemandShapes(scenario).length > 0 &&
    eventFault(prepared) === undefined
  );
}

function withDuration(prepared: PreparedScenario, durationMs: number): PreparedScenario {
  return { ...prepared, scenario: { ...prepared.scenario, durationMs } };
}

function sizeOf({ arrivals, nodes, scenario }: PreparedScenario): number {
  return arrivals.length + nodes.length + scenario.events.length;
}
