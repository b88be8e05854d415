import { join } from "node:path";
import { prepareScenario } from "../../src/simulate/prepare.ts";
import type { PreparedScenario } from "../../src/simulate/prepared.ts";
import type { SimulationResult } from "../../src/simulate/result.ts";
import { runScenario } from "../../src/simulate/run-scenario.ts";
import { readSpec, scenarioOf } from "../../src/simulate/scenario/read-scenario.ts";

/** A file of fixtures/. */
export function fixture(...names: readonly string[]): string {
  return join(import.meta.dirname, "..", "..", "fixtures", ...names);
}

/** Reads a spec, written as in a scenario file. */
export function prepared(raw: object, strategies: readonly string[]): PreparedScenario {
  const spec = readSpec(raw, (path, problem) => new Error(`${path}: ${problem}`));
  return prepareScenario(
    scenarioOf(
      { name: "test", spec },
      strategies.map((name) => ({ name })),
    ),
  );
}

/** Runs a spec, written as in a scenario file, once. */
export async function simulate(raw: object, seed = "1", strategy = "first-fit"): Promise<SimulationResult> {
  return runScenario(prepared(raw, [strategy]), { name: strategy }, seed, new AbortController().signal);
}
