import { workerData } from "node:worker_threads";
import type { SimulationResult } from "../result.ts";
import { runScenario } from "../run-scenario.ts";
import { type Run, runsOf, type SweepData } from "./runs.ts";

// tinypool wraps what it was given in a pair of its own.
const [, { prepared, stopFlag }] = workerData as [unknown, SweepData];
const runs = runsOf(prepared.scenario);
const signal = {
  get aborted(): boolean {
    return Atomics.load(stopFlag, 0) !== 0;
  },
};

/** Performs one run of the sweep, by its place; undefined when the sweep was interrupted before. */
export default function perform(index: number): Promise<SimulationResult> | undefined {
  const { strategy, seed } = runs[index] as Run;
  return signal.aborted ? undefined : runScenario(prepared, strategy, seed, signal);
}
