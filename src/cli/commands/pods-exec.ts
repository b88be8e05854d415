import type { Command } from "../command.ts";
import { container, podArgument } from "./options.ts";

export const podsExec: Command = {
  path: ["pods", "exec"],
  summary: "Run a command in a container of a pod, or a shell",
  description:
    "Without a command it is a shell: at a terminal one with a prompt, else one that reads its commands from stdin. " +
    "Containers are emulated, and so are their files and commands; the exit code is the command's.",
  group: "Workloads",
  examples: [
    { note: "Run a command", line: "kubesim pods exec pod-1 -- ls -l /etc" },
    { note: "Open a shell", line: "kubesim pods exec pod-1", parseOnly: "needs a terminal" },
    { note: "Give it input", line: "kubesim pods exec -i pod-1 -- wc -l < file", parseOnly: "needs a file" },
  ],
  arguments: [
    podArgument,
    { name: "command", summary: "Command and its arguments, behind --", required: false, variadic: true },
  ],
  options: [
    container,
    { flags: "-i, --stdin", summary: "Pass stdin on to the command" },
    { flags: "-t, --tty", summary: "Give the command a terminal" },
  ],
  globals: ["namespace"],
  menu: { label: "Open a shell in a pod", order: 99, submenu: "More about pods" },
  load: () => import("../actions/exec-pod.ts"),
};
