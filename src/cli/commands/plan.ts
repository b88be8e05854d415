import type { Command } from "../command.ts";
import { shape } from "../values.ts";

export const plan: Command = {
  path: ["plan"],
  summary: "Find the fewest nodes that hold a workload",
  description:
    "Places the pods with each strategy on as few nodes of one shape as will do, and says how few it could ever be. " +
    "No cluster is needed or touched.",
  group: "Simulate",
  examples: [
    {
      note: "How many machines does this list of pods need?",
      line: "kubesim plan --strategy best-fit --node cpu=128,memory=1Ti -f fixtures/openb/openb_pod_list_default.csv",
    },
    {
      note: "And these manifests, with every strategy?",
      line: "kubesim plan --pods app.yaml --node cpu=8,memory=32Gi",
      parseOnly: "needs a file of your own",
    },
  ],
  options: [
    {
      flags: "-f, --pods <file>",
      summary: "What is to be held: openb CSV or manifests, - for stdin",
      repeatable: true,
      complete: "files",
      ask: true,
    },
    {
      flags: "--node <shape>",
      summary: "What a node has",
      default: "cpu=32,memory=128Gi",
      parse: shape,
      ask: true,
    },
    { flags: "--strategy <names>", summary: "Strategies to compare (default: all)", complete: "strategies" },
    {
      flags: "--order <order>",
      summary: "Order of the queue",
      default: "given",
      choices: ["given", "largest-first"],
    },
    {
      flags: "--resources <names>",
      summary: "What rows of a CSV ask for",
      default: "cpu,memory",
      choices: ["cpu,memory", "cpu", "memory", "cpu,memory,gpu", "cpu,gpu"],
    },
    { flags: "--seed <text>", summary: "Seed of strategies that draw", default: "1" },
  ],
  globals: ["output", "namespace"],
  menu: { label: "Plan capacity", order: 82 },
  load: () => import("../actions/plan.ts"),
};
