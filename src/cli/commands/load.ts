import type { Command } from "../command.ts";
import { wholeNumber } from "../values.ts";
import { timeout } from "./options.ts";

export const load: Command = {
  path: ["load"],
  summary: "Load nodes and pods from manifests and traces",
  description:
    "Takes Kubernetes manifests in YAML or JSON (many documents, or - for stdin) and openb node and pod lists in " +
    "CSV. Files are checked as a whole before anything is created; objects are created in the order of the files.",
  group: "Workloads",
  examples: [
    {
      note: "The nodes of a GPU cluster",
      line: "kubesim load fixtures/openb/openb_node_list_all_node.csv --limit 100",
    },
    {
      note: "Its first pods; where they went, with a checksum",
      line: "kubesim load fixtures/openb/openb_pod_list_default.csv --limit 200 --wait",
    },
    { note: "Manifests from a pipe", line: "kubesim load - < web.yaml", parseOnly: "needs a file" },
  ],
  arguments: [
    { name: "file", summary: "Files; - is stdin", required: true, variadic: true, complete: "files" },
  ],
  options: [
    {
      flags: "--resources <names>",
      summary: "What openb rows have and ask for",
      default: "cpu,memory",
      choices: ["cpu,memory", "cpu", "memory", "cpu,memory,gpu", "cpu,gpu"],
    },
    {
      flags: "--limit <count>",
      summary: "Only so many objects of each file",
      parse: wholeNumber(1, 10_000_000),
    },
    { flags: "--dry-run", summary: "Check the files and say what would be created" },
    { flags: "--wait", summary: "Wait until every pod has been tried; print the placement and its sha256" },
    { ...timeout, default: "120s" },
  ],
  globals: ["output", "namespace"],
  menu: { label: "Load files", order: 85 },
  load: () => import("../actions/load.ts"),
};
