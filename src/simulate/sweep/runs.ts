import type { PreparedScenario } from "../prepared.ts";
import type { Scenario, StrategyChoice } from "../scenario/scenario.ts";

/** One run of a sweep. */
export interface Run {
  readonly strategy: StrategyChoice;
  readonly seed: string;
}

/** What every worker of a sweep is handed once. */
export interface SweepData {
  readonly prepared: PreparedScenario;
  /** Shared memory; not 0: stop. A message would arrive too late, for a run does not wait for any. */
  readonly stopFlag: Int32Array<SharedArrayBuffer>;
}

/** The runs of a scenario in the order of its results: all seeds of the first strategy, then of the next. */
export function runsOf({ strategies, seeds }: Scenario): readonly Run[] {
  return strategies.flatMap((strategy) => seeds.map((seed) => ({ strategy, seed })));
}
