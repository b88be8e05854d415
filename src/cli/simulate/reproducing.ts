import { type Answers, commandLine } from "../command-line.ts";
import { simulate } from "../commands/simulate.ts";

/** What does not change the results. */
const IDLE: readonly string[] = ["report", "workers", "record", "shrink"];

/**
 * What to type to get the same results again.
 * @param run one strategy and seed of them only
 */
export function reproducing(
  values: Answers,
  run?: { readonly strategy: string; readonly seed: string },
): string {
  const given = Object.entries(values as Readonly<Record<string, unknown>>);
  const kept = given.filter(
    ([name, value]) => value !== false && value !== undefined && !IDLE.includes(name),
  );
  const one = run && { strategy: [run.strategy], seed: [run.seed] };
  return commandLine(simulate, { ...(Object.fromEntries(kept) as Answers), ...one });
}
