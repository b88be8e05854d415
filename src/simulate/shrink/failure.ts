import type { ChaosEvent } from "../../chaos/events.ts";
import type { PreparedScenario } from "../prepared.ts";
import { runScenario } from "../run-scenario.ts";
import type { Run } from "../sweep/runs.ts";

/** How a run failed. */
export interface Failure {
  /** The same for failures of one kind: invariants that were violated, or a message, without their numbers. */
  readonly kinds: readonly string[];
  readonly message: string;
  /** True when an invariant of kubesim was violated; false when the run could not go on. */
  readonly isInvariant: boolean;
  /** When the last thing happened, ms. */
  readonly atMs: number;
}

/** True when they have something in common. */
export function isAlike(one: Failure, other: Failure | undefined): boolean {
  return other?.kinds.some((kind) => one.kinds.includes(kind)) === true;
}

/** Performs a run. @returns how it failed; undefined when all was well */
export async function failureOf(
  prepared: PreparedScenario,
  { strategy, seed }: Run,
  signal: Pick<AbortSignal, "aborted">,
  onEvent?: (event: ChaosEvent) => void,
): Promise<Failure | undefined> {
  let atMs = 0;
  const observe = {
    onEvent(event: ChaosEvent) {
      atMs = event.t;
      onEvent?.(event);
    },
  };
  try {
    const { violations } = await runScenario(prepared, strategy, seed, signal, observe);
    if (violations.length === 0) return undefined;
    return { kinds: violations.map(kindOf), message: violations.join("; "), isInvariant: true, atMs };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kinds: [kindOf(message)], message, isInvariant: false, atMs };
  }
}

/** Names of pods and nodes differ by their numbers, amounts anyway. */
function kindOf(message: string): string {
  return message.replace(/\d+(\.\d+)?/g, "#");
}
