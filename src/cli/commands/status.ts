import type { Command } from "../command.ts";
import { watch } from "./options.ts";

export const status: Command = {
  path: ["status"],
  summary: "Show the cluster at a glance",
  description: "Nodes by health, pods by phase, capacity used and free, strategy, timing profile, chaos.",
  group: "Basic",
  examples: [
    { note: "Once", line: "kubesim status" },
    { note: "For a script: how many nodes are ready", line: "kubesim status -o json | jq .nodes.ready" },
    { note: "Follow it", line: "kubesim status --watch", parseOnly: "never ends" },
  ],
  options: [watch],
  globals: ["output"],
  menu: { label: "Status", order: 10 },
  load: () => import("../actions/status.ts"),
};
