import type { Command } from "../command.ts";
import { serverOptions } from "./server-options.ts";

export const serverStart: Command = {
  path: ["server", "start"],
  summary: "Start the cluster's server in the background",
  description:
    "Other commands do this by themselves; this one takes options. A server that runs is left alone.",
  group: "Cluster",
  examples: [
    { note: "On any free port", line: "kubesim server start" },
    {
      note: "On a fixed port, forgetting everything at its end",
      line: "kubesim server start --port 6443 --store memory",
    },
  ],
  options: serverOptions,
  globals: ["output"],
  menu: { label: "Start the server", order: 120, submenu: "Server" },
  load: () => import("../actions/start-server.ts"),
};
