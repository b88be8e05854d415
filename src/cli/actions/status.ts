import { nodes } from "../../api/kinds/node.ts";
import { nodeFaults } from "../../api/kinds/node-fault.ts";
import { pods } from "../../api/kinds/pod.ts";
import { readClock } from "../cluster-clock.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { type ConnectedCluster, withCluster } from "../connection.ts";
import { listAll } from "../list-all.ts";
import { LiveScreen } from "../output/live-screen.ts";
import { printValue } from "../output/print.ts";
import { statusLines } from "../output/status-lines.ts";
import { type StatusSummary, summarize } from "../status-summary.ts";
import { readSettings } from "./settings.ts";

/** `--watch` looks again this often. */
const REFRESH_MS = 1_000;

export const run: CommandRun = (context, input) =>
  withCluster(context, async (cluster) => {
    if (input.watch !== true) return show(context, await readStatus(context, cluster));
    await watchStatus(context, cluster);
  });

/** Reads all that `kubesim status` says. */
export async function readStatus(
  { globals }: Pick<CommandContext, "globals">,
  { objects, url }: ConnectedCluster,
): Promise<StatusSummary> {
  const [settings, clock, nodeList, podList, faults] = await Promise.all([
    readSettings(objects),
    readClock(objects),
    listAll(objects, nodes),
    listAll(objects, pods),
    listAll(objects, nodeFaults),
  ]);
  return summarize({
    cluster: globals.server === undefined && globals.context === undefined ? globals.cluster : undefined,
    url,
    settings,
    clock,
    nodes: nodeList.items,
    pods: podList.items,
    faults: faults.items,
  });
}

async function show(context: CommandContext, summary: StatusSummary): Promise<void> {
  const { io, globals } = context;
  if (globals.output === "name") return io.result(summary.cluster ?? summary.server);
  if (globals.output !== "table" && globals.output !== "wide") return printValue(context, summary);
  for (const line of statusLines(summary, io)) io.result(io.advice(line));
}

async function watchStatus(context: CommandContext, cluster: ConnectedCluster): Promise<void> {
  const { io, clock, signal, globals } = context;
  const live = globals.output === "table" && io.stdout.isTTY === true && io.env.TERM !== "dumb";
  const screen = live ? new LiveScreen(io, "stdout") : undefined;
  let last = "";
  while (!signal.aborted) {
    const summary = await readStatus(context, cluster);
    if (screen !== undefined)
      screen.draw([...statusLines(summary, io).map(io.advice), "", io.paint("dim", "Ctrl-C ends")]);
    else if (JSON.stringify(summary) !== last) {
      last = JSON.stringify(summary);
      if (globals.output === "table") await show(context, summary);
      else io.result(last);
    }
    await clock.sleep(REFRESH_MS, signal).catch(() => {});
  }
  screen?.end();
}
