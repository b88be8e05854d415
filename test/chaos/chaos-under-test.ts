import type { ChaosOutcome } from "../../src/chaos/context.ts";
import { runChaos } from "../../src/chaos/engine.ts";
import type { ChaosEvent } from "../../src/chaos/events.ts";
import type { ChaosOptions } from "../../src/chaos/options.ts";
import { type ChaosInput, validateChaosOptions } from "../../src/chaos/validate-options.ts";
import { createRandom } from "../../src/lib/random.ts";
import type { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";

/** Longer than any run of these tests. */
const LIMIT_MS = 24 * 3_600_000;

export interface PerformedRun {
  readonly outcome: ChaosOutcome;
  readonly events: readonly ChaosEvent[];
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Names the run; two runs on one cluster need two. */
  readonly name?: string;
  readonly onEvent?: (event: ChaosEvent) => void;
}

export function optionsOf(input: ChaosInput): ChaosOptions {
  const validated = validateChaosOptions(input);
  if (!validated.ok) throw new Error(JSON.stringify(validated.errors));
  return validated.options;
}

/** Runs chaos on the cluster's virtual clock until it has ended. */
export async function performChaos(
  cluster: ClusterUnderTest,
  input: ChaosInput,
  { signal = new AbortController().signal, name = "run", onEvent }: RunOptions = {},
): Promise<PerformedRun> {
  const { objects, clock } = cluster;
  const events: ChaosEvent[] = [];
  let ended = false;
  const context = {
    objects,
    clock,
    random: createRandom(name),
    signal,
    onEvent(event: ChaosEvent) {
      events.push(event);
      onEvent?.(event);
    },
  };
  const run = runChaos(context, optionsOf(input)).finally(() => {
    ended = true;
  });
  // Observed here already: while the clock runs, nobody else waits for it.
  run.catch(() => undefined);
  await clock.runUntil(() => ended, LIMIT_MS);
  return { outcome: await run, events };
}

/** Events of one type, in order. */
export function ofType<Type extends ChaosEvent["type"]>(
  events: readonly ChaosEvent[],
  type: Type,
): readonly Extract<ChaosEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<ChaosEvent, { type: Type }> => event.type === type);
}
