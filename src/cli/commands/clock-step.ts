import type { Command } from "../command.ts";

export const clockStep: Command = {
  path: ["clock", "step"],
  summary: "Go to the next event in a cluster whose time is held",
  group: "Cluster",
  examples: [
    {
      note: "See what comes next",
      line: "kubesim clock step",
      parseOnly: "needs a server that was started with --virtual",
    },
  ],
  globals: ["output"],
  menu: { label: "Go to the next event", order: 112, submenu: "The cluster's time" },
  load: () => import("../actions/clock-step.ts"),
};
