import type { Command } from "../command.ts";
import { labelSelector, podArgument } from "./options.ts";

export const podsDelete: Command = {
  path: ["pods", "delete"],
  summary: "Delete pods",
  group: "Workloads",
  examples: [
    { note: "One", line: "kubesim pods delete pod-2" },
    { note: "All of the namespace, without being asked", line: "kubesim pods delete --all --yes" },
  ],
  arguments: [{ ...podArgument, summary: "Pods", required: false, variadic: true, ask: true }],
  options: [
    { flags: "--all", summary: "All pods of the namespace; asks first" },
    labelSelector,
    { flags: "--now", summary: "Without grace" },
  ],
  globals: ["output", "namespace", "yes"],
  menu: { label: "Delete a pod", order: 101, submenu: "More about pods" },
  load: () => import("../actions/delete-pods.ts"),
};
