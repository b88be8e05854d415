import { type ClusterClock, clusterClocks, DEFAULT_SPEED } from "../../api/kinds/cluster-clock.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { CommandContext } from "../command.ts";
import { printObject } from "./print.ts";

/** One sentence for people, the object for programs. */
export async function printClock(context: CommandContext, clock: ClusterClock): Promise<void> {
  if (context.globals.output !== "table") return printObject(context, clusterClocks, clock);
  context.io.result(`clock ${clockText(clock)}`);
}

/** `held at t+02:13:05 (2025-01-01T02:13:05Z), next event in 4.2s`. */
export function clockText({ spec, status }: ClusterClock): string {
  const time = `${status.time.slice(0, 19)}Z`;
  if (spec.mode === "Real") return `in real time, ${time}`;
  const at = `${status.elapsed} (${time})`;
  if (spec.mode === "Running") return `running at ${spec.speed ?? DEFAULT_SPEED}, ${at}`;
  const held = `${status.advancing === true ? "being advanced" : "held"} at ${at}`;
  const { nextEventTime } = status;
  if (nextEventTime === undefined) return `${held}, nothing is pending`;
  const aheadMs = Date.parse(nextEventTime) - Date.parse(status.time);
  return `${held}, next event in ${formatDuration(Math.max(0, aheadMs))}`;
}
