import type { Command } from "../command.ts";
import { allNamespaces, labelSelector, watch } from "./options.ts";

export const top: Command = {
  path: ["top"],
  summary: "Show what nodes and pods use",
  description:
    "Measured cpu and memory, and their share of what the node has for pods. What pods use follows their annotations " +
    "kubesim.dev/usage-cpu and kubesim.dev/usage-memory.",
  group: "Basic",
  examples: [
    { note: "Nodes", line: "kubesim top" },
    { note: "The hungriest pods of all namespaces first", line: "kubesim top pods -A --sort-by cpu" },
    {
      note: "For a script: nodes more than half busy",
      line: "kubesim top nodes -o json | jq '.[] | select(.cpu.share > 0.5) | .name'",
    },
    { note: "Follow it", line: "kubesim top pods --watch", parseOnly: "never ends" },
  ],
  arguments: [
    {
      name: "what",
      summary: "nodes (the default) or pods",
      required: false,
      choices: ["nodes", "pods"],
      ask: true,
    },
  ],
  options: [
    watch,
    { flags: "--sort-by <resource>", summary: "Largest use first, not by name", choices: ["cpu", "memory"] },
    labelSelector,
    allNamespaces,
  ],
  globals: ["output", "namespace", "headers"],
  menu: { label: "Usage of nodes and pods", order: 52 },
  load: () => import("../actions/top.ts"),
};
