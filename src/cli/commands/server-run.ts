import type { Command } from "../command.ts";
import { serverOptions } from "./server-options.ts";

export const serverRun: Command = {
  path: ["server", "run"],
  summary: "Serve the cluster in the foreground, until Ctrl-C",
  group: "Cluster",
  examples: [
    { note: "Watch it work", line: "kubesim server run", parseOnly: "runs until it is interrupted" },
    {
      note: "A second cluster that forgets everything at its end",
      line: "kubesim server run --cluster scratch --store memory",
      parseOnly: "runs until it is interrupted",
    },
  ],
  options: [
    ...serverOptions,
    { flags: "--background", summary: "Report to the launching process, and end quietly on SIGTERM" },
  ],
  load: () => import("../actions/run-server.ts"),
};
