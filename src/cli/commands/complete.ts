import type { Command } from "../command.ts";

/** What the completion scripts ask. */
export const complete: Command = {
  path: ["__complete"],
  summary: "Answer a completion script",
  group: "Settings",
  hidden: true,
  examples: [{ note: "What can follow", line: "kubesim __complete -- nodes ''" }],
  arguments: [{ name: "words", summary: "The command line so far", required: false, variadic: true }],
  load: () => import("../actions/complete.ts"),
};
