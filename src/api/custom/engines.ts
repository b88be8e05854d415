import { loadPatterns } from "./pattern.ts";
import { loadExpressions } from "./rules/cel.ts";

/** Loads what schemas of custom kinds need and nothing else does: the engines for patterns and for rules. */
export async function loadEngines(): Promise<void> {
  await Promise.all([loadPatterns(), loadExpressions()]);
}
