import { availableParallelism } from "node:os";
import type { Node } from "../../api/kinds/node.ts";
import { nodes as nodeKind } from "../../api/kinds/node.ts";
import { isFinished, pods as podKind } from "../../api/kinds/pod.ts";
import type { Draft } from "../../api/meta.ts";
import type { Timer } from "../../clock/clock.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { formatDuration } from "../../lib/duration.ts";
import { nodeAsNew } from "../../simulate/files/as-new.ts";
import { holdsUp, prepareScenario } from "../../simulate/prepare.ts";
import type { PreparedScenario } from "../../simulate/prepared.ts";
import type { SimulationResult } from "../../simulate/result.ts";
import { eventFault } from "../../simulate/scenario/check-events.ts";
import { generatorFaults } from "../../simulate/scenario/check-generators.ts";
import {
  isStrategyFile,
  readScenarioFile,
  readSpec,
  scenarioOf,
} from "../../simulate/scenario/read-scenario.ts";
import type { StrategyChoice } from "../../simulate/scenario/scenario.ts";
import { scenarioJsonSchema } from "../../simulate/scenario/schema.ts";
import { runSweep } from "../../simulate/sweep/run-sweep.ts";
import { findMetric } from "../../simulate/verdict/metrics.ts";
import { judge } from "../../simulate/verdict/verdict.ts";
import { requireWritable } from "../cannot-write.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import type { Answers } from "../command-line.ts";
import { withCluster } from "../connection.ts";
import { Exit, ExitCode, UsageError } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { printValue } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { refuseNames } from "../output/refuse-names.ts";
import { printResults } from "../output/simulation.ts";
import { recordSimulation } from "../replay/record-simulation.ts";
import { flagOfPath, rawSpec, requireWhole, type SimulateInput } from "../simulate/flags.ts";
import { refuseIdleFlags } from "../simulate/idle-flags.ts";
import { reproducing } from "../simulate/reproducing.ts";
import { ANOTHER_SCENARIO, shrinkSimulation } from "../simulate/shrink.ts";
import { ANOTHER_REPORT, writeSimulationReport } from "../simulate/write-report.ts";
import { builtInStrategies, readStrategyFile } from "./strategies.ts";

export const run: CommandRun = async (context, values) => {
  const input = values as unknown as SimulateInput;
  refuseNames(context.globals.output, "Results");
  if (input.schema) return printValue(jsonByDefault(context), scenarioJsonSchema());
  if (input.report !== undefined) requireWritable(input.report, ANOTHER_REPORT);
  if (input.shrink !== undefined) requireWritable(input.shrink, ANOTHER_SCENARIO);
  const metric = input.metric === undefined ? undefined : findMetric(input.metric);
  const prepared = await prepare(context, input);
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

async function prepare(context: CommandContext, input: SimulateInput): Promise<PreparedScenario> {
  refuseIdleFlags(input);
  const fromFile = input.scenario === undefined ? undefined : readScenarioFile(input.scenario);
  const fromFlags = rawSpec(input);
  const flagFault = (path: string, problem: string, hint?: string) =>
    new UsageError(`${flagOfPath(path)} ${problem}`, hint);
  const spec = readSpec(fromFlags, flagFault);
  const given = Object.fromEntries(Object.entries(spec).filter(([name]) => Object.hasOwn(fromFlags, name)));
  const named = { name: fromFile?.name ?? "flags", spec: { ...(fromFile?.spec ?? spec), ...given } };
  const live = input.live ? await liveNodes(context) : [];
  const placeOf = (field: keyof typeof spec) =>
    fromFile !== undefined && given[field] === undefined ? fromFile.fault : undefined;
  if (named.spec.nodes.length === 0 && live.length === 0) {
    const hint = "Give --nodes, --node, --processors, --live or a scenario with nodes";
    throw placeOf("nodes")?.(["nodes"], NO_NODES, hint) ?? new UsageError(NO_NODES, hint);
  }
  if (named.spec.workload.length === 0) {
    const hint = "Give --pods, --generate or a scenario with a workload";
    throw placeOf("workload")?.(["workload"], NO_PODS, hint) ?? new UsageError(NO_PODS, hint);
  }
  const strategies: StrategyChoice[] = [];
  for (const [index, text] of named.spec.strategies.entries()) {
    const place = placeOf("strategies");
    const fault = (problem: string, hint?: string) =>
      place?.(["strategies", index], problem, hint) ?? new UsageError(problem, hint);
    strategies.push(await strategyOf(text, fault));
  }
  const prepared = prepareScenario(scenarioOf(named, strategies), live);
  const event = eventFault(prepared);
  if (event !== undefined) {
    const { index, problem, hint } = event;
    const inFile = placeOf("events")?.(["events", index], problem, hint);
    throw inFile ?? flagFault("events", `"${input.event?.[index]}": ${problem}`, hint);
  }
  const { queue } = prepared.scenario;
  const tooLarge = generatorFaults(prepared).map(({ index, field, problem }) => {
    const inFile = placeOf("workload")?.(["workload", index, field], problem, holdsUp(queue));
    return inFile ?? flagFault(`workload[${index}].${field}`, `is too large: ${problem}`, holdsUp(queue));
  });
  if (queue !== "skip" && tooLarge.length > 0) throw tooLarge[0];
  return { ...prepared, warnings: [...prepared.warnings, ...tooLarge.map(({ message }) => message)] };
}

/** Runs end sooner when they end by themselves. */
const STOP_HINT_MS = 2_000;
const NO_NODES = "There are no nodes to simulate";
const NO_PODS = "There is nothing to place";

async function strategyOf(
  text: string,
  fault: (problem: string, hint?: string) => Error,
): Promise<StrategyChoice> {
  if (isStrategyFile(text)) return { ...(await readStrategyFile(text)), file: text };
  const names = (await builtInStrategies()).map(({ name }) => name);
  if (names.includes(text)) return { name: text };
  const close = didYouMean(text, names);
  const hint = close === undefined ? `There are ${names.join(", ")}` : `Did you mean "${close}"?`;
  throw fault(`There is no strategy "${text}"`, hint);
}

/** The nodes of the live cluster as they would be created anew: without what their agents reported of them. */
async function liveNodes(context: CommandContext): Promise<readonly Draft<Node>[]> {
  let found: readonly Draft<Node>[] = [];
  await withCluster(context, async ({ objects }) => {
    const { items } = await objects.list(nodeKind);
    const { items: there } = await objects.list(podKind);
    const taking = there.filter((pod) => pod.spec.nodeName !== undefined && !isFinished(pod)).length;
    if (taking > 0) {
      context.io.note(
        `note: the ${taking} pods on the live cluster's nodes are left out: the nodes are taken as empty`,
      );
      context.io.note("  kubesim what-if launch -f FILE tries a workload beside them");
    }
    found = items.map(nodeAsNew);
  });
  return found;
}

function jsonByDefault(context: CommandContext): CommandContext {
  const { globals } = context;
  return globals.output === "yaml" ? context : { ...context, globals: { ...globals, output: "json" } };
}
