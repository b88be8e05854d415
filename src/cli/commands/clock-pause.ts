import type { Command } from "../command.ts";

export const clockPause: Command = {
  path: ["clock", "pause"],
  summary: "Hold the time of a virtual cluster",
  group: "Cluster",
  examples: [
    {
      note: "At the next instant at which all work is done",
      line: "kubesim clock pause",
      parseOnly: "needs a server that was started with --virtual",
    },
  ],
  globals: ["output"],
  menu: { label: "Hold time", order: 114, submenu: "The cluster's time" },
  load: () => import("../actions/clock-pause.ts"),
};
