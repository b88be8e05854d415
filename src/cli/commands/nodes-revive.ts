import type { Command } from "../command.ts";
import { nodesArgument } from "./options.ts";

export const nodesRevive: Command = {
  path: ["nodes", "revive"],
  summary: "Heal nodes that were made to fail",
  group: "Chaos",
  examples: [
    { note: "One", line: "kubesim nodes revive node-1" },
    { note: "All of them", line: "kubesim nodes revive --all" },
  ],
  arguments: [{ ...nodesArgument, required: false, complete: "faulted-nodes", ask: true }],
  options: [{ flags: "--all", summary: "Every node that has a fault" }],
  globals: ["output"],
  menu: { label: "Revive a node", order: 72 },
  load: () => import("../actions/revive-nodes.ts"),
};
