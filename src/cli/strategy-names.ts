import { didYouMean } from "../lib/did-you-mean.ts";
import { findStrategy, STRATEGIES } from "../scheduler/strategies/registry.ts";
import type { Strategy } from "../scheduler/strategy.ts";
import { UsageError } from "./errors.ts";

/** A strategy that comes with kubesim. Fails with UsageError where there is none of that name. */
export function requireBuiltIn(name: string): Strategy {
  const found = findStrategy(name);
  if (found !== undefined) return found;
  const names = STRATEGIES.map((strategy) => strategy.name);
  const close = didYouMean(name, names);
  throw new UsageError(
    `There is no strategy "${name}"`,
    close === undefined ? `There are ${names.join(", ")}` : `Did you mean "${close}"?`,
    ["kubesim strategy list"],
  );
}
