import type { PreparedScenario } from "../../simulate/prepared.ts";
import { recordRun } from "../../simulate/record-run.ts";
import type { SimulationResult } from "../../simulate/result.ts";
import { runScenario } from "../../simulate/run-scenario.ts";
import { RunFailure } from "../../simulate/sweep/run-failure.ts";
import { type Run, runsOf } from "../../simulate/sweep/runs.ts";
import type { CommandContext } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { RecordingSink } from "./recording-sink.ts";

/** Runs a scenario of one run, and records it. Fails with CommandError when the file cannot be written. */
export async function recordSimulation(
  { io, signal }: CommandContext,
  prepared: PreparedScenario,
  file: string,
): Promise<SimulationResult> {
  const runs = runsOf(prepared.scenario);
  const run = runs[0] as Run;
  if (runs.length > 1) {
    const hint = `Record one at a time: --strategy ${run.strategy.name} --seed ${run.seed}`;
    throw new UsageError(`--record keeps one run, and these are ${runs.length}`, hint);
  }
  const sink = new RecordingSink(file);
  try {
    const writer = recordRun(prepared, run, (text) => sink.write(text));
    const result = await runScenario(prepared, run.strategy, run.seed, signal, {
      onEvent: (event) => writer.event(event),
    }).catch((error: unknown) => {
      throw error instanceof CommandError ? error : new RunFailure(run, error);
    });
    writer.end();
    io.note(`Recorded ${writer.events} events in ${file}; look at them with: kubesim replay ${file}`);
    return result;
  } finally {
    sink.close();
  }
}
