import type { ChaosContext, ChaosOutcome } from "./context.ts";
import type { ChaosOptions } from "./options.ts";
import { rehearse } from "./rehearsal.ts";
import { Run } from "./run.ts";

/**
 * Runs chaos: at every tick each node that the run failed recovers with one chance, then each up node in scope fails
 * with the other. Faults are NodeFault objects, written before anything acts. However it ends (time, signal, abort
 * condition, error), it removes its faults and its lease before it resolves.
 *
 * Throws ChaosRefused when it does not begin at all: another run goes on, or no node is in scope. Errors of the API
 * before the first fault are thrown as they are; later ones end the run as `failed`.
 */
export function runChaos(context: ChaosContext, options: ChaosOptions): Promise<ChaosOutcome> {
  const suffix = context.random.stream("chaos/run-id").below(2 ** 32);
  const identity = {
    runId: `chaos-${suffix.toString(16).padStart(8, "0")}`,
    seed: options.seed ?? String(context.random.stream("chaos/seed").below(2 ** 31)),
  };
  return options.dryRun
    ? rehearse(context, options, identity)
    : new Run(context, options, identity).perform();
}
