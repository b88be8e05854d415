import type { Command } from "../command.ts";
import { nodesArgument } from "./options.ts";

export const nodesUncordon: Command = {
  path: ["nodes", "uncordon"],
  summary: "Let new pods onto nodes again",
  group: "Cluster",
  examples: [{ note: "One node", line: "kubesim nodes uncordon node-1" }],
  arguments: [nodesArgument],
  globals: ["output"],
  menu: { label: "Uncordon a node", order: 92, submenu: "More about nodes" },
  load: async () => ({ run: (await import("../actions/cordon-nodes.ts")).cordoning(false) }),
};
