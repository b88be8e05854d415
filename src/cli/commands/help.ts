import type { Command } from "../command.ts";

export const help: Command = {
  path: ["help"],
  summary: "Explain a command or a topic",
  group: "Settings",
  examples: [
    { note: "What the exit codes mean", line: "kubesim help exit-codes" },
    { note: "The same as kubesim nodes add --help", line: "kubesim help nodes add" },
  ],
  arguments: [
    {
      name: "topic",
      summary: "A command, or options, environment, exit-codes, output",
      required: false,
      variadic: true,
      complete: "topics",
    },
  ],
  load: () => import("../actions/help.ts"),
};
