import { amountText, resourceOrder } from "../capacity.ts";
import type { Io } from "../io.ts";
import type { StatusSummary } from "../status-summary.ts";
import { fold } from "./fold.ts";
import { plainColumns } from "./plain-columns.ts";

/** `kubesim status` for people. */
export function statusLines(summary: StatusSummary, io: Pick<Io, "paint">): string[] {
  const { nodes, pods, faults } = summary;
  const rows: string[][] = [
    [io.paint("bold", "Nodes"), String(nodes.total), nodesText(summary, io)],
    [io.paint("bold", "Pods"), String(pods.total), podsText(summary, io)],
    [io.paint("bold", "Chaos"), String(faults.total), chaosText(summary, io)],
  ];
  const where = summary.cluster === undefined ? summary.server : `${summary.cluster} at ${summary.server}`;
  return [
    `${io.paint("bold", "Cluster")} ${where}`,
    `Strategy ${summary.strategy}, timing ${summary.timingProfile} (${summary.timing})`,
    ...virtualTime(summary),
    ...(summary.strategyRefused === undefined ? [] : [io.paint("yellow", summary.strategyRefused)]),
    "",
    ...plainColumns(undefined, rows).split("\n"),
    ...capacityLines(summary),
  ];
}

/** The menu's header: the same in few words. */
export function statusHeadline(summary: StatusSummary, io: Pick<Io, "paint" | "width">): string {
  const { nodes, pods } = summary;
  const ready = `${nodes.ready}/${nodes.total} nodes ready`;
  const running = `${pods.byPhase.Running ?? 0}/${pods.total} pods running`;
  const cpu = summary.capacity.cpu;
  const free =
    cpu === undefined ? [] : [`${amountText("cpu", cpu.free)} of ${amountText("cpu", cpu.total)} cores free`];
  const health = nodes.notReady > 0 ? io.paint("red", ready, "stderr") : io.paint("green", ready, "stderr");
  const parts = [summary.cluster ?? summary.server, health, running, ...free, summary.strategy];
  if (summary.clock?.elapsed !== undefined) parts.push(summary.clock.elapsed);
  return fold(parts, io.width("stderr"));
}

/** Nothing to say in real time: that is what everybody expects. */
function virtualTime({ clock }: StatusSummary): string[] {
  if (clock?.elapsed === undefined) return [];
  const how = clock.mode === "Paused" ? "held: it moves with kubesim clock advance" : "running";
  return [`Time ${clock.elapsed} (${clock.time.slice(0, 19)}Z), virtual, ${how}`];
}

function nodesText({ nodes }: StatusSummary, io: Pick<Io, "paint">): string {
  if (nodes.total === 0) return "add some with: kubesim nodes add --cpu 4 --count 3";
  const parts = [io.paint("green", `${nodes.ready} ready`)];
  if (nodes.notReady > 0) parts.push(io.paint("red", `${nodes.notReady} not ready`));
  if (nodes.cordoned > 0) parts.push(io.paint("yellow", `${nodes.cordoned} cordoned`));
  return parts.join(", ");
}

function podsText({ pods }: StatusSummary, io: Pick<Io, "paint">): string {
  if (pods.total === 0) return "launch some with: kubesim pods launch --cpu 1 --count 5";
  const parts = Object.entries(pods.byPhase).map(([phase, count]) => {
    const text = `${count} ${phase.toLowerCase()}`;
    return phase === "Pending" ? io.paint("yellow", text) : phase === "Failed" ? io.paint("red", text) : text;
  });
  return parts.join(", ");
}

function chaosText({ faults }: StatusSummary, io: Pick<Io, "paint">): string {
  if (faults.total === 0) return "no faults";
  const names = faults.nodes.slice(0, 5).join(", ") + (faults.nodes.length > 5 ? ", …" : "");
  const by = faults.chaosRuns.length > 0 ? `, chaos run ${faults.chaosRuns.join(", ")}` : "";
  return io.paint("red", `faults on ${names}${by}`);
}

function capacityLines({ capacity }: StatusSummary): string[] {
  const names = resourceOrder(Object.keys(capacity));
  if (names.length === 0) return [];
  const rows = names.map((name) => {
    const { used, free, total } = capacity[name] as { used: number; free: number; total: number };
    const share = total === 0 ? "" : `${Math.round((100 * used) / total)}%`;
    return [name, amountText(name, used), amountText(name, free), amountText(name, total), share];
  });
  return ["", ...plainColumns(["RESOURCE", "USED", "FREE", "TOTAL", "USE"], rows).split("\n")];
}
