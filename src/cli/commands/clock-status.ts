import type { Command } from "../command.ts";

export const clockStatus: Command = {
  path: ["clock", "status"],
  summary: "Show the cluster's time, and whether it stands still",
  group: "Cluster",
  examples: [{ note: "What time is it there?", line: "kubesim clock status" }],
  globals: ["output"],
  menu: { label: "Show the time", order: 110, submenu: "The cluster's time" },
  load: () => import("../actions/clock-status.ts"),
};
