import type { Command } from "../command.ts";

export const strategyList: Command = {
  path: ["strategy", "list"],
  summary: "List the strategies and what they do",
  group: "Settings",
  examples: [{ note: "All; the one in force is marked", line: "kubesim strategy list" }],
  globals: ["output", "headers"],
  load: () => import("../actions/list-strategies.ts"),
};
