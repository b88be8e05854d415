import type { Command } from "../command.ts";
import { positiveDuration } from "../values.ts";

export const record: Command = {
  path: ["record"],
  summary: "Record a running cluster: what is done to it, and what happens",
  description:
    "Follows the cluster until Ctrl-C (exit code 130), or for a duration. The scheduler begins anew with the " +
    "recording, as after a restart; nothing else changes. kubesim replay plays the file; with --verify the scheduler " +
    "decides all again, and where every pod goes is compared. What is in Secrets is not recorded.",
  group: "Simulate",
  examples: [
    { note: "Until Ctrl-C", line: "kubesim record run.jsonl", parseOnly: "goes on until Ctrl-C" },
    { note: "For two seconds", line: "kubesim record /tmp/kubesim-example.jsonl --duration 2s" },
  ],
  arguments: [{ name: "file", summary: "Where the recording goes", required: true, complete: "files" }],
  options: [
    {
      flags: "--duration <duration>",
      summary: "How long, in real time (default: until Ctrl-C)",
      parse: positiveDuration,
      ask: "10s",
    },
  ],
  menu: { label: "Record the cluster", order: 84, submenu: "Simulate and replay" },
  load: () => import("../actions/record.ts"),
};
