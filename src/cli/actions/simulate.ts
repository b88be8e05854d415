import { availableParallelism } from "node:os";
import type { Timer } from "../../clock/clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { PreparedScenario } from "../../simulate/prepared.ts";
import type { SimulationResult } from "../../simulate/result.ts";
import { scenarioJsonSchema } from "../../simulate/scenario/schema.ts";
import { runSweep } from "../../simulate/sweep/run-sweep.ts";
import { findMetric } from "../../simulate/verdict/metrics.ts";
import { judge } from "../../simulate/verdict/verdict.ts";
import { requireWritable } from "../cannot-write.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import type { Answers } from "../command-line.ts";
import { Exit, ExitCode } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { printValue } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { refuseNames } from "../output/refuse-names.ts";
import { printResults } from "../output/simulation.ts";
import { recordSimulation } from "../replay/record-simulation.ts";
import { requireWhole, type SimulateInput } from "../simulate/flags.ts";
import { prepareSimulation } from "../simulate/prepare.ts";
import { reproducing } from "../simulate/reproducing.ts";
import { ANOTHER_SCENARIO, shrinkSimulation } from "../simulate/shrink.ts";
import { ANOTHER_REPORT, writeSimulationReport } from "../simulate/write-report.ts";

/** Runs end sooner when they end by themselves. */
const STOP_HINT_MS = 2_000;

export const run: CommandRun = async (context, values) => {
  const input = values as unknown as SimulateInput;
  refuseNames(context.globals.output, "Results");
  if (input.schema) return printValue(jsonByDefault(context), scenarioJsonSchema());
  if (input.report !== undefined) requireWritable(input.report, ANOTHER_REPORT);
  if (input.shrink !== undefined) requireWritable(input.shrink, ANOTHER_SCENARIO);
  const metric = input.metric === undefined ? undefined : findMetric(input.metric);
  const prepared = await prepareSimulation(context, input);
  for (const warning of prepared.warnings)
    context.io.note(`${context.io.paint("yellow", "note:", "stderr")} ${warning}`);
  if (input.shrink !== undefined) return shrinkSimulation(context, prepared, input.shrink, values as Answers);
  const results =
    input.record === undefined
      ? await sweep(context, prepared, input.workers)
      : [await recordSimulation(context, prepared, input.record)];
  const verdict = judge(results, metric);
  await printResults(context, prepared.scenario, results, verdict);
  if (metric !== undefined && verdict === null) {
    context.io.note(`No verdict on ${metric.label}: it takes two strategies that both have it with one seed`);
  }
  if (input.report !== undefined && results.length > 0) {
    await writeSimulationReport(
      context,
      input.report,
      values as Answers,
      prepared.scenario,
      results,
      verdict,
    );
  }
  sayWhatWasNotApplied(context, results);
  if (context.signal.aborted) throw new Exit(interruptCode(context.signal));
  for (const result of results) {
    const { strategy, seed, violations } = result;
    for (const violation of violations) context.io.note(`strategy ${strategy}, seed ${seed}: ${violation}`);
    if (violations.length > 0)
      context.io.note(
        `See it again with: ${reproducing(values as Answers, result)} (--shrink small.yaml makes it small)`,
      );
  }
  if (results.some(({ invariantViolations }) => invariantViolations > 0)) throw new Exit(ExitCode.invariant);
};

/** What a scenario wanted and could not have, in words; `-o json` has it in its results. */
function sayWhatWasNotApplied({ io }: CommandContext, results: readonly SimulationResult[]): void {
  for (const { strategy, seed, eventsNotApplied } of results) {
    for (const { atSeconds, event, reason } of eventsNotApplied) {
      const when = formatDuration(atSeconds * 1_000);
      io.note(`strategy ${strategy}, seed ${seed}: "at ${when} ${event}" was not applied: ${reason}`);
    }
  }
}

/**
 * Tells who has interrupted and still waits after a moment what can be done: a strategy of somebody's own need not end.
 * Returns what says that nobody waits any more.
 */
function hintWhileStopping({
  io,
  clock,
  signal,
}: Pick<CommandContext, "io" | "clock" | "signal">): () => void {
  let timer: Timer | undefined;
  const begin = () => {
    timer = clock.after(STOP_HINT_MS, () => io.note("Stopping… press Ctrl-C again to force"));
  };
  signal.addEventListener("abort", begin, { once: true });
  return () => {
    signal.removeEventListener("abort", begin);
    timer?.cancel();
  };
}

/** All runs, on all cores unless told otherwise. */
async function sweep(
  { io, clock, signal }: CommandContext,
  prepared: PreparedScenario,
  workers = String(availableParallelism()),
): Promise<readonly SimulationResult[]> {
  const { strategies, seeds } = prepared.scenario;
  const bar = new ProgressBar(io, clock, "Simulating", strategies.length * seeds.length);
  const stopped = hintWhileStopping({ io, clock, signal });
  try {
    const onDone = (done: number) => bar.update(done);
    return await runSweep(prepared, { workers: requireWhole(workers, "--workers"), signal, onDone });
  } finally {
    stopped();
    bar.end();
  }
}

function jsonByDefault(context: CommandContext): CommandContext {
  const { globals } = context;
  return globals.output === "yaml" ? context : { ...context, globals: { ...globals, output: "json" } };
}
