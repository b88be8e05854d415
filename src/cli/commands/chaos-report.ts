import type { Command } from "../command.ts";

export const chaosReport: Command = {
  path: ["chaos", "report"],
  summary: "Report on a chaos run again, also in other formats",
  group: "Chaos",
  examples: [
    { note: "The last run", line: "kubesim chaos report", parseOnly: "needs a run" },
    {
      note: "One run as a web page",
      line: "kubesim chaos report chaos-1f00ba5e --report html --out ./report",
      parseOnly: "needs a run",
    },
  ],
  arguments: [
    {
      name: "run",
      summary: "Id of a run, or its event log (default: the last run)",
      required: false,
      complete: "chaos-runs",
      ask: true,
    },
  ],
  options: [
    { flags: "--report <formats>", summary: "Files to write: json,html,junit,md" },
    { flags: "--out <folder>", summary: "Where the files go (default: here)", complete: "files" },
  ],
  globals: ["output"],
  menu: { label: "Report on a chaos run", order: 111, submenu: "More about chaos" },
  load: () => import("../actions/report-chaos.ts"),
};
