import { gpuRequestFault } from "../../api/gpu.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { durationText, label, objectNameText, positiveQuantity, wholeNumber } from "../values.ts";
import { labels, timeout } from "./options.ts";

export const podsLaunch: Command = {
  path: ["pods", "launch"],
  summary: "Launch pods and say where each went, and why",
  description: "Pods without a name are called pod-1, pod-2 and so on. With --count, the name gets numbers.",
  group: "Workloads",
  examples: [
    { note: "One pod with one core", line: "kubesim pods launch --cpu 1" },
    {
      note: "Five with more, that end after half a minute",
      line: "kubesim pods launch --cpu 2 --memory 1Gi --count 5 --duration 30s",
    },
    {
      note: "On nodes of zone a only",
      line: "kubesim pods launch web --cpu 500m --node-selector topology.kubernetes.io/zone=a",
    },
  ],
  arguments: [
    {
      name: "name",
      summary: "Name (default: the next free pod-N)",
      required: false,
      parse: objectNameText,
      ask: true,
    },
  ],
  options: [
    {
      flags: "--cpu <quantity>",
      summary: "Cores it asks for",
      default: "1",
      parse: positiveQuantity("cpu"),
      ask: true,
    },
    {
      flags: "--memory <quantity>",
      summary: "Memory it asks for",
      parse: positiveQuantity("memory"),
      ask: true,
    },
    { flags: "--gpu <count>", summary: "GPUs it asks for", default: "0", parse: wholeNumber(0, 1_000) },
    {
      flags: "--gpu-milli <number>",
      summary: "Thousandths of shared GPUs: 500 is half of one, 2000 are two whole ones",
      default: "0",
      parse: gpuMilli,
    },
    {
      flags: "--count <count>",
      summary: "How many",
      default: "1",
      parse: wholeNumber(1, 1_000_000),
      ask: true,
    },
    {
      flags: "--duration <duration>",
      summary: "How long it runs (default: for ever)",
      parse: durationText,
      ask: true,
    },
    {
      flags: "--priority <number>",
      summary: "Higher ones are placed first",
      parse: wholeNumber(-2_147_483_648, 1_000_000_000),
    },
    {
      flags: "--node-selector <key=value>",
      summary: "Only on nodes with this label",
      repeatable: true,
      parse: label,
    },
    { flags: "--image <image>", summary: "Container image", default: "registry.k8s.io/pause:3.10" },
    labels,
    {
      flags: "--restart-policy <policy>",
      summary: "What follows when it ends (default: Never with --duration, else Always)",
      choices: ["Always", "OnFailure", "Never"],
    },
    { flags: "--wait", summary: "Wait until all run" },
    timeout,
  ],
  globals: ["output", "namespace"],
  menu: { label: "Launch pods", order: 40 },
  load: () => import("../actions/launch-pods.ts"),
};

function gpuMilli(text: string): number {
  const value = wholeNumber(0, 1_000_000)(text);
  const fault = gpuRequestFault(value);
  if (fault !== undefined) throw new UsageError(fault);
  return value;
}
