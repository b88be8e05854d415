import type { Command } from "../command.ts";
import { positiveDuration, wholeNumber } from "../values.ts";
import { container, labelSelector, podArgument } from "./options.ts";

export const podsLogs: Command = {
  path: ["pods", "logs"],
  summary: "Print what containers of pods have logged",
  group: "Workloads",
  examples: [
    { note: "The last lines of a pod", line: "kubesim pods logs pod-1 --tail 20" },
    {
      note: "Go on with what comes",
      line: "kubesim pods logs pod-1 -f",
      parseOnly: "runs until it is interrupted",
    },
    {
      note: "Why it has failed",
      line: "kubesim pods logs web --previous",
      parseOnly: "needs a pod that has failed",
    },
    {
      note: "All pods of a workload, each line with the name of its pod",
      line: "kubesim pods logs -l app=web --prefix",
      parseOnly: "needs pods with labels",
    },
  ],
  arguments: [{ ...podArgument, required: false, ask: true }],
  options: [
    labelSelector,
    container,
    { flags: "--all-containers", summary: "Those of all containers" },
    { flags: "-f, --follow", summary: "Go on with what is added, until the container ends" },
    { flags: "-p, --previous", summary: "Of the run before the container was started again" },
    {
      flags: "--tail <lines>",
      summary: "Only the last lines (default: all; 10 with a selector)",
      parse: wholeNumber(0, 1_000_000),
    },
    { flags: "--since <duration>", summary: "Only what is younger", parse: positiveDuration },
    { flags: "--timestamps", summary: "With the time of each line" },
    { flags: "--prefix", summary: "With the pod and the container of each line" },
  ],
  globals: ["namespace"],
  menu: { label: "Logs of a pod", order: 98, submenu: "More about pods" },
  load: () => import("../actions/pod-logs.ts"),
};
