import type { Command } from "../command.ts";
import { duration } from "../values.ts";

export const replay: Command = {
  path: ["replay"],
  summary: "Play a recording: what happened when, forwards and back",
  description:
    "In a terminal a player on the whole screen: space plays and pauses, the arrows step, + and - change the speed, " +
    "[ and ] go 10 % back and on, g and G to the ends, t to a time, q quits. Elsewhere a log, a line per event. " +
    "--verify does again what was recorded and compares. A recording that was cut off is played as far as it goes; " +
    "the exit code is 1 then.",
  group: "Simulate",
  examples: [
    {
      note: "Record a run, and look at it",
      line: "kubesim replay run.jsonl",
      parseOnly: "needs a recording",
    },
    {
      note: "The cluster as it was after ten minutes",
      line: "kubesim replay run.jsonl --at 10m",
      parseOnly: "needs a recording",
    },
    {
      note: "Does the same come out again?",
      line: "kubesim replay run.jsonl --verify",
      parseOnly: "needs a recording",
    },
  ],
  arguments: [
    {
      name: "recording",
      summary: "File of simulate --record, record, or chaos --record",
      required: true,
      complete: "files",
    },
  ],
  options: [
    {
      flags: "--at <time>",
      summary: "Print the cluster as it was then: 90s, 10m, 1h30m",
      parse: duration,
    },
    { flags: "--verify", summary: "Do it again in virtual time, and compare" },
    {
      flags: "--from-inputs",
      summary: "With --verify, of a live cluster: do all again from what was done to it from outside",
    },
    { flags: "--plain", summary: "The log, in a terminal too" },
  ],
  globals: ["output", "headers"],
  menu: { label: "Replay a recording", order: 85, submenu: "Simulate and replay" },
  load: () => import("../actions/replay.ts"),
};
