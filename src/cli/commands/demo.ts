import type { Command } from "../command.ts";

export const demo: Command = {
  path: ["demo"],
  summary: "Take a guided tour in a cluster of its own",
  description: "Boots a cluster, adds nodes, launches pods, kills a node, runs chaos; leaves nothing behind.",
  group: "Basic",
  examples: [{ note: "Runs unattended in less than a minute", line: "kubesim demo" }],
  load: () => import("../actions/demo.ts"),
};
