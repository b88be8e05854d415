import type { Command } from "../command.ts";
import { nodesArgument } from "./options.ts";

export const nodesCordon: Command = {
  path: ["nodes", "cordon"],
  summary: "Let no new pods onto nodes",
  group: "Cluster",
  examples: [{ note: "One node", line: "kubesim nodes cordon node-1" }],
  arguments: [nodesArgument],
  globals: ["output"],
  menu: { label: "Cordon a node", order: 91, submenu: "More about nodes" },
  load: async () => ({ run: (await import("../actions/cordon-nodes.ts")).cordoning(true) }),
};
