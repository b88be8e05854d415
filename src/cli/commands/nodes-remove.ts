import type { Command } from "../command.ts";
import { nodesArgument } from "./options.ts";

export const nodesRemove: Command = {
  path: ["nodes", "remove"],
  summary: "Take nodes out of the cluster",
  description: "A node that runs pods is refused unless --force is given; its pods are then placed anew.",
  group: "Cluster",
  examples: [
    { note: "A node that is empty", line: "kubesim nodes remove node-3" },
    { note: "Whatever runs there", line: "kubesim nodes remove node-1 --force" },
  ],
  arguments: [nodesArgument],
  options: [{ flags: "--force", summary: "Also when pods run there", ask: true }],
  globals: ["output"],
  menu: { label: "Remove a node", order: 94, submenu: "More about nodes" },
  load: () => import("../actions/remove-nodes.ts"),
};
