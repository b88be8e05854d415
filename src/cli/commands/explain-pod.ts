import type { Command } from "../command.ts";
import { podArgument } from "./options.ts";

export const explainPod: Command = {
  path: ["explain", "pod"],
  summary: "Say why a pod is where it is, or why it waits",
  group: "Basic",
  examples: [
    { note: "A pod that runs or waits", line: "kubesim explain pod pod-1" },
    { note: "The whole decision as data", line: "kubesim explain pod pod-1 -o json" },
  ],
  arguments: [podArgument],
  globals: ["output", "namespace"],
  menu: { label: "Explain a pod", order: 55 },
  load: () => import("../actions/explain-pod.ts"),
};
