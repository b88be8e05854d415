import type { Command } from "../command.ts";
import { positiveDuration } from "../values.ts";

export const clockAdvance: Command = {
  path: ["clock", "advance"],
  summary: "Let time pass at once in a cluster whose time is held",
  description:
    "Goes from event to event and answers when it is done, with what has happened. Ctrl-C stops it in between.",
  group: "Cluster",
  examples: [
    {
      note: "Five minutes",
      line: "kubesim clock advance 5m",
      parseOnly: "needs a server that was started with --virtual",
    },
  ],
  arguments: [
    {
      name: "duration",
      summary: "How far: 30s, 5m, 24h; a bare number is seconds",
      required: true,
      parse: positiveDuration,
    },
  ],
  globals: ["output"],
  menu: { label: "Let time pass", order: 111, submenu: "The cluster's time" },
  load: () => import("../actions/clock-advance.ts"),
};
