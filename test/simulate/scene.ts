import { join } from "node:path";
import { prepareScenario } from "../../src/simulate/prepare.ts";
import type { SimulationResult } from "../../src/simulate/result.ts";
import { runScenario } from "../../src/simulate/run-scenario.ts";
import { readSpec, scenarioOf } from "../../src/simulate/scenario/read-scenario.ts";

/** A file of fixtures/. */
export function fixture(...names: readonly string[]): string {
  return join(import.meta.dirname, "..", "..", "fixtures", ...names);
}

/** Runs a spec, written as in a scenario file, once. */
export async function simulate(raw: object, seed = "1", strategy = "first-fit"): Promise<SimulationResult> {
  const spec = readSpec(raw, (path, problem) => new Error(`${path}: ${problem}`));
  const prepared = prepareScenario(scenarioOf({ name: "test", spec }, [{ name: strategy }]));
  return runScenario(prepared, { name: strategy }, seed, new AbortController().signal);
}
