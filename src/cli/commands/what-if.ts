import type { Command } from "../command.ts";
import { positiveDuration, positiveQuantity } from "../values.ts";

export const whatIf: Command = {
  path: ["what-if"],
  summary: "Try something on a copy of the cluster, and say what would happen",
  description:
    "Takes the cluster's state, tries it in virtual time and touches nothing. What can be tried: drain, remove or " +
    "crash nodes or a zone, add nodes, another strategy, launch pods or files; several, with then in between.",
  group: "Simulate",
  examples: [
    { note: "Is there room for what runs on a node?", line: "kubesim what-if drain node-3" },
    {
      note: "Would five more nodes be enough?",
      line: "kubesim what-if add 5 nodes --cpu 8 then launch 40 pods cpu=1",
    },
    { note: "Would it pack better?", line: "kubesim what-if strategy best-fit" },
    {
      note: "What would an app do to it?",
      line: "kubesim what-if launch -f app.yaml",
      parseOnly: "needs a file of your own",
    },
  ],
  arguments: [
    { name: "what", summary: "What to try: drain node-3, remove zone a, …", required: true, variadic: true },
  ],
  options: [
    { flags: "--cpu <quantity>", summary: "Cores of nodes that are added", parse: positiveQuantity("cpu") },
    {
      flags: "--memory <quantity>",
      summary: "Memory of nodes that are added",
      parse: positiveQuantity("memory"),
    },
    { flags: "--zone <zone>", summary: "Zone of nodes that are added" },
    {
      flags: "-f, --file <file>",
      summary: "What is launched: manifests, openb CSV, - for stdin",
      repeatable: true,
      complete: "files",
    },
    {
      flags: "--within <duration>",
      summary: "Virtual time that each thing is given to settle",
      default: "10m",
      parse: positiveDuration,
    },
  ],
  globals: ["output", "namespace"],
  menu: { label: "What if …", order: 80 },
  load: () => import("../actions/what-if.ts"),
};
