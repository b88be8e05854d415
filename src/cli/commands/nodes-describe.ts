import type { Command } from "../command.ts";
import { nodeArgument } from "./options.ts";

export const nodesDescribe: Command = {
  path: ["nodes", "describe"],
  summary: "Show a node: health, capacity, its pods, its events",
  group: "Cluster",
  examples: [{ note: "One node", line: "kubesim nodes describe node-1" }],
  arguments: [nodeArgument],
  globals: ["output"],
  menu: { label: "Describe a node", order: 90, submenu: "More about nodes" },
  load: () => import("../actions/describe-node.ts"),
};
