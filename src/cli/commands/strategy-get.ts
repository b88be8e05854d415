import type { Command } from "../command.ts";

export const strategyGet: Command = {
  path: ["strategy", "get"],
  summary: "Show the strategy in force",
  group: "Settings",
  examples: [{ note: "Its name", line: "kubesim strategy get" }],
  globals: ["output"],
  load: () => import("../actions/get-strategy.ts"),
};
