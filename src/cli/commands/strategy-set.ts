import type { Command } from "../command.ts";

export const strategySet: Command = {
  path: ["strategy", "set"],
  summary: "Switch the strategy; the next pod is placed by it",
  description:
    "A file is an ES module whose default export has a name and a score function (pod, node): higher is better.",
  group: "Settings",
  examples: [
    { note: "Fill nodes up", line: "kubesim strategy set best-fit" },
    { note: "One of your own", line: "kubesim strategy set ./mine.mjs", parseOnly: "needs a file" },
  ],
  arguments: [
    {
      name: "strategy",
      summary: "Name, or a file that ends in .mjs or .js",
      required: true,
      complete: "strategies",
    },
  ],
  globals: ["output"],
  menu: { label: "Switch the strategy", order: 60 },
  load: () => import("../actions/set-strategy.ts"),
};
