import type { Command } from "../command.ts";
import { allNamespaces, fieldSelector, labelSelector, watch } from "./options.ts";

export const podsList: Command = {
  path: ["pods", "list"],
  summary: "List pods with phase and node",
  group: "Workloads",
  examples: [
    { note: "Those of the namespace", line: "kubesim pods list -o wide" },
    { note: "What waits, everywhere", line: "kubesim pods list -A --field-selector status.phase=Pending" },
    {
      note: "Follow changes as JSON lines",
      line: "kubesim pods list --watch -o json",
      parseOnly: "never ends",
    },
  ],
  options: [watch, labelSelector, fieldSelector, allNamespaces],
  globals: ["output", "namespace", "headers"],
  menu: { label: "List pods", order: 50 },
  load: () => import("../actions/list-pods.ts"),
};
