import type { Command } from "../command.ts";
import { fieldSelector, labelSelector, watch } from "./options.ts";

export const nodesList: Command = {
  path: ["nodes", "list"],
  summary: "List nodes with their health",
  group: "Cluster",
  examples: [
    { note: "All", line: "kubesim nodes list" },
    {
      note: "Those in zone a, with more columns",
      line: "kubesim nodes list -l topology.kubernetes.io/zone=a -o wide",
    },
    { note: "Follow changes", line: "kubesim nodes list --watch", parseOnly: "never ends" },
  ],
  options: [watch, labelSelector, fieldSelector],
  globals: ["output", "headers"],
  menu: { label: "List nodes", order: 30 },
  load: () => import("../actions/list-nodes.ts"),
};
