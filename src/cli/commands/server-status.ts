import type { Command } from "../command.ts";

export const serverStatus: Command = {
  path: ["server", "status"],
  summary: "Show whether the cluster's server runs, and where",
  group: "Cluster",
  examples: [
    { note: "Process, address, store and size", line: "kubesim server status" },
    { note: "For a script", line: "kubesim server status -o json" },
  ],
  globals: ["output"],
  menu: { label: "Server status", order: 121, submenu: "Server" },
  load: () => import("../actions/server-status.ts"),
};
