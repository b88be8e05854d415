import type { Command } from "../command.ts";
import { podArgument } from "./options.ts";

export const podsDescribe: Command = {
  path: ["pods", "describe"],
  summary: "Show a pod: requests, where it runs, its history",
  group: "Workloads",
  examples: [{ note: "One pod", line: "kubesim pods describe pod-1" }],
  arguments: [podArgument],
  globals: ["output", "namespace"],
  menu: { label: "Describe a pod", order: 100, submenu: "More about pods" },
  load: () => import("../actions/describe-pod.ts"),
};
