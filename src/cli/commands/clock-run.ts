import { DEFAULT_SPEED, parseSpeed } from "../../api/kinds/cluster-clock.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";

export const clockRun: Command = {
  path: ["clock", "run"],
  summary: "Let the time of a virtual cluster go on by itself",
  description:
    "A cluster that is too busy for the speed just runs slower. Hold it again with: kubesim clock pause",
  group: "Cluster",
  examples: [
    {
      note: "A hundred times as fast as real time",
      line: "kubesim clock run --speed 100x",
      parseOnly: "needs a server that was started with --virtual",
    },
  ],
  options: [
    {
      flags: "--speed <factor>",
      summary: "Virtual seconds per second: 1x, 100x, max",
      default: DEFAULT_SPEED,
      ask: true,
      parse: speed,
    },
  ],
  globals: ["output"],
  menu: { label: "Let time run", order: 113, submenu: "The cluster's time" },
  load: () => import("../actions/clock-run.ts"),
};

function speed(text: string): string {
  const factor = parseSpeed(text);
  if (factor === undefined) throw new UsageError("is not a speed", "Write it like 1x, 0.5x, 100x or max");
  return Number.isFinite(factor) ? `${factor}x` : text;
}
