import { isNodeReady } from "../../api/kinds/node.ts";
import { counted } from "../../lib/counted.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { Snapshot } from "../../simulate/snapshot.ts";
import type { StepResult, WhatIfResult } from "../../simulate/what-if/what-if.ts";
import { amountText, resourceOrder, totalUse, useByNode } from "../capacity.ts";
import type { CommandContext } from "../command.ts";
import type { Io } from "../io.ts";
import { withoutPreemption } from "./explanation.ts";
import { plainColumns } from "./plain-columns.ts";
import { printValue } from "./print.ts";

/** More lines than these are summed up; -o json has all. */
const LINES_MAX = 20;

/** Of pods that wait for one reason so many are named. */
const NAMES_MAX = 3;

/** Prints what would happen: sentences and short lists for people, everything for programs. */
export async function printWhatIf(
  context: CommandContext,
  snapshot: Snapshot,
  result: WhatIfResult,
): Promise<void> {
  const { io, globals } = context;
  const before = capacityOf(result.before);
  const after = capacityOf(result.after);
  if (globals.output !== "table" && globals.output !== "wide") {
    const from = { revision: snapshot.revision, time: new Date(snapshot.timeMs).toISOString() };
    return printValue(context, { from, steps: result.steps, before, after });
  }
  for (const step of result.steps) for (const line of stepLines(step, io)) io.result(line);
  for (const line of capacityLines(before, after)) io.result(line);
  io.note(io.paint("dim", "Tried on a copy in virtual time; the cluster itself was not touched", "stderr"));
}

interface Capacity {
  readonly nodes: number;
  readonly ready: number;
  readonly nodesUsed: number;
  readonly running: number;
  readonly waiting: number;
  /** Of ready nodes that take pods: cpu in milli, memory in bytes, others as counts. */
  readonly resources: Readonly<
    Record<string, { readonly used: number; readonly free: number; readonly total: number }>
  >;
}

function capacityOf({ nodes, pods }: WhatIfResult["before"]): Capacity {
  const open = nodes.filter((node) => isNodeReady(node) && node.spec.unschedulable !== true);
  const uses = useByNode(open, pods);
  const { requested, allocatable, pods: count } = totalUse(uses.values());
  const resources: Record<string, { used: number; free: number; total: number }> = {};
  for (const name of resourceOrder(Object.keys(allocatable))) {
    const total = allocatable[name] ?? 0;
    const used = name === "pods" ? count : (requested[name] ?? 0);
    resources[name] = { used, free: total - used, total };
  }
  const active = pods.filter(({ status }) => status.phase === "Running" || status.phase === "Pending");
  return {
    nodes: nodes.length,
    ready: nodes.filter(isNodeReady).length,
    nodesUsed: new Set(active.flatMap(({ spec }) => spec.nodeName ?? [])).size,
    running: active.filter(({ status }) => status.phase === "Running").length,
    waiting: active.filter(({ spec }) => spec.nodeName === undefined).length,
    resources,
  };
}

function stepLines(step: StepResult, io: Pick<Io, "paint">): string[] {
  const { moves, placed, waiting, gone, created, drained, fromScratch } = step;
  const within = step.settledMs === 0 ? "at once" : `after ${formatDuration(step.settledMs)}`;
  const time = step.settled ? `settled ${within}` : `pods were still changing ${within}`;
  const lines = [`${io.paint("bold", `${step.step}:`)} ${time}`];
  if (drained !== undefined) lines.push(drainedLine(drained));
  lines.push(...listed("would move", moves.filter(({ to }) => to !== undefined).map(moveText)));
  lines.push(
    ...listed(
      "would get a node",
      placed.map(({ pod, to }) => `${pod} on ${to}`),
    ),
  );
  lines.push(
    ...listed(
      "would be started",
      created.filter(({ to }) => to !== undefined).map(({ pod, to }) => `${pod} on ${to}`),
    ),
  );
  lines.push(
    ...listed(
      "would be gone for good",
      gone.map(({ pod, from }) => `${pod} from ${from}`),
    ),
  );
  lines.push(
    ...listed(
      "would be held by a disruption budget",
      (drained?.blocked ?? []).map(({ pod, why }) => `${pod}: ${why}`),
    ),
  );
  const fresh = waiting.filter(({ isNew }) => isNew);
  lines.push(...listed("would wait", waitingTexts(fresh), fresh.length));
  if (waiting.length > fresh.length)
    lines.push(`  ${counted(waiting.length - fresh.length, "pod")} would still wait as now`);
  if (fromScratch !== undefined) lines.push(scratchLine(fromScratch));
  if (lines.length === 1) lines.push("  no pod would change its place");
  return [...lines, ""];
}

function drainedLine({ evicted, left }: NonNullable<StepResult["drained"]>): string {
  const stay = left > 0 ? `, ${counted(left, "pod")} of DaemonSets would stay` : "";
  return `  ${counted(evicted, "pod")} would be evicted${stay}`;
}

function scratchLine({
  strategy,
  placed,
  waiting,
  nodesUsed,
  nodesUsedNow,
}: NonNullable<StepResult["fromScratch"]>): string {
  return (
    `  what runs stays where it is; had ${strategy} placed all of it, ${counted(placed, "pod")} would lie on ` +
    `${nodesUsed} nodes (now ${nodesUsedNow})${waiting > 0 ? ` and ${waiting} would wait` : ""}`
  );
}

function moveText({ pod, from, to, as }: StepResult["moves"][number]): string {
  return `${pod}  ${from} -> ${to}${as === undefined ? "" : ` as ${as}`}`;
}

/** One for each reason, with the first of the pods that wait for it. */
function waitingTexts(waiting: StepResult["waiting"]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { pod, why } of waiting) {
    const reason = withoutPreemption(why);
    const alike = byReason.get(reason);
    if (alike === undefined) byReason.set(reason, [pod]);
    else alike.push(pod);
  }
  return [...byReason].map(([reason, alike]) => {
    const rest = alike.length - NAMES_MAX;
    const more = rest > 0 ? ` and ${rest} more` : "";
    return `${alike.slice(0, NAMES_MAX).join(", ")}${more}: ${reason}`;
  });
}

function listed(what: string, entries: readonly string[], count = entries.length): string[] {
  if (entries.length === 0) return [];
  const shown = entries.slice(0, LINES_MAX).map((entry) => `    ${entry}`);
  const rest = entries.length - shown.length;
  return [
    `  ${counted(count, "pod")} ${what}`,
    ...shown,
    ...(rest > 0 ? [`    … and ${rest} more (-o json has all)`] : []),
  ];
}

function capacityLines(before: Capacity, after: Capacity): string[] {
  const rows: string[][] = [
    ["nodes ready", `${before.ready}/${before.nodes}`, `${after.ready}/${after.nodes}`],
    ["nodes in use", String(before.nodesUsed), String(after.nodesUsed)],
    ["pods running", String(before.running), String(after.running)],
    ["pods waiting", String(before.waiting), String(after.waiting)],
  ];
  for (const name of resourceOrder([...Object.keys(before.resources), ...Object.keys(after.resources)])) {
    const isUsed = [before, after].some(({ resources }) => (resources[name]?.used ?? 0) > 0);
    if (!isUsed && name !== "cpu" && name !== "memory") continue;
    rows.push([`${name} left`, leftText(name, before), leftText(name, after)]);
  }
  return plainColumns(["", "NOW", "THEN"], rows).split("\n");
}

function leftText(name: string, { resources }: Capacity): string {
  const amount = resources[name];
  return amount === undefined ? "0" : `${amountText(name, amount.free)} of ${amountText(name, amount.total)}`;
}
