import type { Command } from "../command.ts";

export const timingGet: Command = {
  path: ["timing", "get"],
  summary: "Show how fast the cluster notices failures",
  group: "Settings",
  examples: [{ note: "All profiles; the one in force is marked", line: "kubesim timing get" }],
  globals: ["output", "headers"],
  load: () => import("../actions/get-timing.ts"),
};
