import type { Command } from "../command.ts";
import { nodesArgument } from "./options.ts";

export const nodesKill: Command = {
  path: ["nodes", "kill"],
  summary: "Make nodes fail until they are revived",
  description:
    "A crashed node loses its pods and is empty when it comes back; a hung one stops answering and keeps them.",
  group: "Chaos",
  examples: [
    { note: "Crash a node", line: "kubesim nodes kill node-1" },
    { note: "Let one hang", line: "kubesim nodes kill node-2 --fault hang" },
  ],
  arguments: [nodesArgument],
  options: [
    {
      flags: "--fault <kind>",
      summary: "How it fails",
      default: "crash",
      choices: ["crash", "hang"],
      ask: true,
    },
  ],
  globals: ["output"],
  menu: { label: "Kill a node", order: 70 },
  load: () => import("../actions/kill-nodes.ts"),
};
