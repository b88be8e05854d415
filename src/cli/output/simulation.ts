import type { SimulationResult } from "../../simulate/result.ts";
import type { Scenario } from "../../simulate/scenario/scenario.ts";
import { estimate } from "../../simulate/statistics/estimate.ts";
import type { Verdict } from "../../simulate/verdict/verdict.ts";
import type { CommandContext } from "../command.ts";
import { isMachineFormat } from "./format.ts";
import { printTable, printValue } from "./print.ts";
import { SIMULATION_COLUMNS, type SimulationColumn } from "./simulation-columns.ts";

/** Prints the results in the format that was asked for; tables with the verdict below. */
export async function printResults(
  context: CommandContext,
  scenario: Scenario,
  results: readonly SimulationResult[],
  verdict: Verdict | null,
): Promise<void> {
  const { io, globals } = context;
  if (isMachineFormat(globals.output)) {
    const status = isPartial(scenario, results) ? "partial" : "completed";
    return printValue(context, { scenario: scenario.name, status, verdict, results });
  }
  if (globals.output === "csv") return printCsv(context, results);
  if (isPartial(scenario, results)) {
    const runs = scenario.strategies.length * scenario.seeds.length;
    const whole = results.filter(({ status }) => status === "completed").length;
    io.note(
      `${io.paint("yellow", "partial:", "stderr")} interrupted; ${whole} of ${runs} runs were finished`,
    );
  }
  if (results.length === 0) return;
  if (globals.output === "wide" || scenario.seeds.length === 1) await printRuns(context, results);
  else await printMeans(context, scenario, results);
  if (verdict !== null) io.result(`\n${verdict.sentence}`);
}

function isPartial({ strategies, seeds }: Scenario, results: readonly SimulationResult[]): boolean {
  const isWhole = results.every(({ status }) => status === "completed");
  return !isWhole || results.length < strategies.length * seeds.length;
}

/** Every figure of every run, as numbers. */
function printCsv(context: CommandContext, results: readonly SimulationResult[]): Promise<void> {
  const rows = results.map((result) => SIMULATION_COLUMNS.map(({ value }) => String(value(result) ?? "")));
  return printTable(
    context,
    SIMULATION_COLUMNS.map(({ name }) => name),
    rows,
  );
}

/** A line per run. */
function printRuns(context: CommandContext, results: readonly SimulationResult[]): Promise<void> {
  const isWide = context.globals.output === "wide";
  const columns = SIMULATION_COLUMNS.filter((column) => isWide || column.inTable).filter(
    (column) => isWide || saysSomething(column, results),
  );
  const rows = results.map((result) => columns.map((column) => textOf(column, column.value(result))));
  return printTable(
    context,
    columns.map(({ header }) => header),
    rows,
  );
}

/** A line per strategy: the mean over its seeds and how sure it is. */
function printMeans(
  context: CommandContext,
  { strategies }: Scenario,
  results: readonly SimulationResult[],
): Promise<void> {
  const columns = SIMULATION_COLUMNS.filter(
    (column) => column.inTable && column.text !== undefined && saysSomething(column, results),
  );
  const rows = strategies.flatMap(({ name }) => {
    const runs = results.filter(({ strategy }) => strategy === name);
    if (runs.length === 0) return [];
    return [[name, `${runs.length}`, ...columns.map((column) => meanOf(column, runs))]];
  });
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  context.io.note(`Means over ${seeds} seeds with 95 % confidence intervals; every run: -o wide or -o csv`);
  return printTable(context, ["STRATEGY", "RUNS", ...columns.map(({ header }) => header)], rows);
}

function meanOf(column: SimulationColumn, runs: readonly SimulationResult[]): string {
  const values = runs.map(column.value).filter((value) => typeof value === "number");
  const found = estimate(values);
  if (found === null || column.text === undefined) return "-";
  const { mean, halfWidth } = found;
  return halfWidth === null || halfWidth === 0
    ? column.text(mean)
    : `${column.text(mean)} ±${column.text(halfWidth)}`;
}

/** A column that is empty in every line only takes room. */
function saysSomething({ value, isEmpty }: SimulationColumn, results: readonly SimulationResult[]): boolean {
  return results.some((result) => value(result) !== null && isEmpty?.(result) !== true);
}

/** So much of a hash tells two runs apart. */
const HASH_LENGTH = 8;

function textOf({ name, text }: SimulationColumn, value: string | number | null): string {
  if (value === null) return "-";
  if (name.endsWith("Sha256")) return String(value).slice(0, HASH_LENGTH);
  return typeof value === "string" || text === undefined ? String(value) : text(value);
}
