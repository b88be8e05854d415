import { nodes } from "../../api/kinds/node.ts";
import { pods } from "../../api/kinds/pod.ts";
import type { CommandContext, CommandInput, CommandRun } from "../command.ts";
import { type ConnectedCluster, withCluster } from "../connection.ts";
import { LiveScreen } from "../output/live-screen.ts";
import { printTable, printValue } from "../output/print.ts";
import { renderTable } from "../output/table.ts";
import { type UsageTable, usageTable } from "../output/usage.ts";
import { readNodeUse, readPodUse, type UseRow } from "../usage-rows.ts";
import { selectionOf } from "./list.ts";

/** `--watch` looks again this often. */
const REFRESH_MS = 2_000;

export const run: CommandRun = (context, input) =>
  withCluster(context, async (cluster) => {
    if (input.watch === true) return watchUse(context, cluster, input);
    await show(context, input, await readUse(context, cluster, input));
  });

/** What there is to show, in the order that was asked for. */
async function readUse(
  context: CommandContext,
  { objects }: ConnectedCluster,
  input: CommandInput,
): Promise<readonly UseRow[]> {
  const rows = isOfPods(input)
    ? await readPodUse(objects, selectionOf(context, pods, input))
    : await readNodeUse(objects, selectionOf(context, nodes, input));
  const { sortBy } = input as { sortBy?: "cpu" | "memory" };
  return sortBy === undefined
    ? rows
    : [...rows].sort((left, right) => (right[sortBy]?.amount ?? -1) - (left[sortBy]?.amount ?? -1));
}

function isOfPods({ what }: CommandInput): boolean {
  return what === "pods";
}

function tableOf(input: CommandInput, rows: readonly UseRow[]): UsageTable {
  const isPods = isOfPods(input);
  return usageTable(rows, { isOfPods: isPods, withNamespace: isPods && input.allNamespaces === true });
}

async function show(context: CommandContext, input: CommandInput, rows: readonly UseRow[]): Promise<void> {
  const { io, globals } = context;
  if (globals.output === "name") {
    for (const { name } of rows) io.result(`${isOfPods(input) ? "pod" : "node"}/${name}`);
  } else if (globals.output === "jsonl") {
    for (const row of rows) io.result(JSON.stringify(row));
  } else if (globals.output === "json" || globals.output === "yaml") {
    await printValue(context, rows);
  } else if (rows.length === 0) {
    const where =
      isOfPods(input) && input.allNamespaces !== true ? ` in namespace "${globals.namespace}"` : "";
    io.note(isOfPods(input) ? `No pods are running${where}` : "No nodes found");
  } else {
    const table = tableOf(input, rows);
    await printTable(context, table.header, table.rows);
  }
}

/** Repaints on a terminal; elsewhere prints again what has changed, as one JSON line when JSON is asked for. */
async function watchUse(
  context: CommandContext,
  cluster: ConnectedCluster,
  input: CommandInput,
): Promise<void> {
  const { io, clock, signal, globals } = context;
  const isTable = globals.output === "table" || globals.output === "wide";
  const live = isTable && io.stdout.isTTY === true && io.env.TERM !== "dumb";
  const screen = live ? new LiveScreen(io, "stdout") : undefined;
  let last = "";
  while (!signal.aborted) {
    const rows = await readUse(context, cluster, input);
    const text = JSON.stringify(rows);
    if (screen !== undefined) {
      const { header, rows: cells } = tableOf(input, rows);
      const table = renderTable(globals.headers ? header : undefined, cells);
      screen.draw([...table.split("\n"), "", io.paint("dim", "Ctrl-C ends")]);
    } else if (text !== last) {
      if (globals.output === "json") io.result(text);
      else await show(context, input, rows);
    }
    last = text;
    await clock.sleep(REFRESH_MS, signal).catch(() => {});
  }
  screen?.end();
}
