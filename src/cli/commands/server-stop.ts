import type { Command } from "../command.ts";

export const serverStop: Command = {
  path: ["server", "stop"],
  summary: "Stop the cluster's server; what it keeps on disk stays",
  group: "Cluster",
  examples: [{ note: "Harmless when none runs", line: "kubesim server stop" }],
  menu: { label: "Stop the server", order: 122, submenu: "Server" },
  load: () => import("../actions/stop-server.ts"),
};
