import type { Command } from "../command.ts";
import { label, objectNameText, positiveQuantity, taint, wholeNumber } from "../values.ts";
import { labels } from "./options.ts";

export const nodesAdd: Command = {
  path: ["nodes", "add"],
  summary: "Add nodes to the cluster",
  description:
    "Nodes without a name are called node-1, node-2 and so on. With --count, the name gets numbers.",
  group: "Cluster",
  examples: [
    { note: "One node with 4 cores and 16 GiB", line: "kubesim nodes add --cpu 4" },
    {
      note: "Ten nodes with GPUs in zone a",
      line: "kubesim nodes add --cpu 32 --memory 256Gi --gpu 8 --count 10 --zone a",
    },
    {
      note: "A node that only tolerant pods may use",
      line: "kubesim nodes add special --cpu 8 --taint team=search:NoSchedule",
    },
  ],
  arguments: [
    {
      name: "name",
      summary: "Name (default: the next free node-N)",
      required: false,
      parse: objectNameText,
      ask: true,
    },
  ],
  options: [
    { flags: "--cpu <quantity>", summary: "Cores", default: "4", parse: positiveQuantity("cpu"), ask: true },
    {
      flags: "--memory <quantity>",
      summary: "Memory",
      default: "16Gi",
      parse: positiveQuantity("memory"),
      ask: true,
    },
    { flags: "--gpu <count>", summary: "GPUs (nvidia.com/gpu)", default: "0", parse: wholeNumber(0, 1_000) },
    {
      flags: "--shared-gpu <count>",
      summary: "GPUs that pods can share (kubesim.dev/gpu-milli)",
      default: "0",
      parse: wholeNumber(0, 1_000),
    },
    {
      flags: "--gpu-model <name>",
      summary: "What GPUs these are (label kubesim.dev/gpu-model)",
      parse: (text) => label(`model=${text}`)[1],
    },
    {
      flags: "--max-pods <count>",
      summary: "Most pods that run on it",
      default: "110",
      parse: wholeNumber(1, 100_000),
    },
    {
      flags: "--count <count>",
      summary: "How many",
      default: "1",
      parse: wholeNumber(1, 100_000),
      ask: true,
    },
    { flags: "--zone <name>", summary: "Zone (label topology.kubernetes.io/zone)", parse: zone },
    labels,
    {
      flags: "--taint <key=value:effect>",
      summary: "Taint: NoSchedule, PreferNoSchedule or NoExecute",
      repeatable: true,
      parse: taint,
    },
  ],
  globals: ["output"],
  menu: { label: "Add nodes", order: 20 },
  load: () => import("../actions/add-nodes.ts"),
};

function zone(text: string): string {
  return label(`zone=${text}`)[1];
}
