import type { Command } from "../command.ts";
import { wholeNumber } from "../values.ts";

export const serverLogs: Command = {
  path: ["server", "logs"],
  summary: "Print the server's log",
  group: "Cluster",
  examples: [
    { note: "The last lines", line: "kubesim server logs --tail 20" },
    { note: "Follow it", line: "kubesim server logs -f", parseOnly: "runs until it is interrupted" },
  ],
  options: [
    { flags: "-f, --follow", summary: "Go on with what is added, until Ctrl-C" },
    {
      flags: "--tail <lines>",
      summary: "Only the last lines (default: all)",
      parse: wholeNumber(0, 1_000_000),
    },
  ],
  menu: { label: "The server's log", order: 123, submenu: "Server" },
  load: () => import("../actions/server-logs.ts"),
};
