import type { Command } from "../command.ts";
import { nodesArgument, timeout } from "./options.ts";

export const nodesDrain: Command = {
  path: ["nodes", "drain"],
  summary: "Empty nodes politely: cordon them, then evict their pods",
  group: "Cluster",
  examples: [{ note: "One node", line: "kubesim nodes drain node-1" }],
  arguments: [nodesArgument],
  options: [timeout],
  globals: ["output"],
  menu: { label: "Drain a node", order: 93, submenu: "More about nodes" },
  load: () => import("../actions/drain-nodes.ts"),
};
