import type { SimulationResult } from "../../simulate/result.ts";
import type { Scenario } from "../../simulate/scenario/scenario.ts";
import type { CommandContext } from "../command.ts";
import { isMachineFormat } from "./format.ts";
import { printTable, printValue } from "./print.ts";

type Cell = (result: SimulationResult) => string | number | null;

/** What the table shows; CSV has all figures. */
const COLUMNS: readonly (readonly [header: string, cell: Cell, isInTable: boolean])[] = [
  ["STRATEGY", (result) => result.strategy, true],
  ["SEED", (result) => result.seed, true],
  ["QUEUE", (result) => result.queue, false],
  ["STATUS", (result) => result.status, true],
  ["PODS", (result) => result.pods, true],
  ["PLACED", (result) => result.placed, true],
  ["PENDING", (result) => result.pending, true],
  ["NEVER FITTING", (result) => result.neverFitting, false],
  ["FINISHED", (result) => result.finished, true],
  ["NODES", (result) => result.nodesUsed, true],
  ["CPU", (result) => percent(result.utilisation.cpu), true],
  ["MEMORY", (result) => percent(result.utilisation.memory), false],
  ["FRAGMENTED", (result) => percent(result.utilisation.fragmentation), true],
  ["MEAN WAIT", (result) => seconds(result.waits?.meanSeconds), true],
  ["P50 WAIT", (result) => seconds(result.waits?.p50Seconds), false],
  ["P95 WAIT", (result) => seconds(result.waits?.p95Seconds), true],
  ["P99 WAIT", (result) => seconds(result.waits?.p99Seconds), false],
  ["SLOWDOWN", (result) => rounded(result.waits?.boundedSlowdown), false],
  ["MAKESPAN", (result) => seconds(result.makespanSeconds), true],
  ["FAULTS", (result) => result.faults.injected, false],
  ["EVICTIONS", (result) => result.faults.evictions, true],
  ["MTTD", (result) => seconds(result.faults.mttdSeconds), false],
  ["MTTR", (result) => seconds(result.faults.mttrSeconds), true],
  ["AVAILABILITY", (result) => percent(result.faults.podAvailability), true],
  ["UNSCHEDULABLE", (result) => seconds(result.faults.unschedulableSeconds), false],
  ["VIOLATIONS", (result) => result.invariantViolations, false],
  ["PLACEMENT", (result) => result.placementSha256.slice(0, 8), true],
  ["EVENT LOG", (result) => result.eventLogSha256.slice(0, 8), false],
];

/** Prints the results in the format that was asked for. */
export async function printResults(
  context: CommandContext,
  scenario: Scenario,
  results: readonly SimulationResult[],
): Promise<void> {
  const { output } = context.globals;
  if (isMachineFormat(output)) {
    const status = results.every((result) => result.status === "completed") ? "completed" : "partial";
    const runs = scenario.strategies.length * scenario.seeds.length;
    return printValue(context, {
      scenario: scenario.name,
      status: results.length < runs ? "partial" : status,
      results,
    });
  }
  const columns =
    output === "csv" || output === "wide" ? COLUMNS : COLUMNS.filter(([, , isInTable]) => isInTable);
  const rows = results.map((result) => columns.map(([, cell]) => String(cell(result) ?? "-")));
  await printTable(
    context,
    columns.map(([header]) => header),
    rows,
  );
}

function percent(share: number | null): string | null {
  return share === null ? null : `${(100 * share).toFixed(1)}%`;
}

function seconds(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : `${Number(value.toFixed(1))}s`;
}

function rounded(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toFixed(3);
}
