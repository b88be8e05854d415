import type { Command } from "../command.ts";
import { wholeNumber } from "../values.ts";
import { allNamespaces, fieldSelector, watch } from "./options.ts";

export const events: Command = {
  path: ["events"],
  summary: "Show what happened, oldest first",
  group: "Basic",
  examples: [
    { note: "All of it, nodes and pods", line: "kubesim events" },
    { note: "Warnings only", line: "kubesim events --field-selector type=Warning" },
    { note: "Follow them", line: "kubesim events --watch", parseOnly: "never ends" },
  ],
  options: [
    watch,
    { flags: "--for <object>", summary: "About one object only: pod/web or node/node-1" },
    { flags: "--limit <count>", summary: "Only so many of the last ones", parse: wholeNumber(1, 1_000_000) },
    fieldSelector,
    allNamespaces,
  ],
  globals: ["output", "namespace", "headers"],
  menu: { label: "Events", order: 80 },
  load: () => import("../actions/events.ts"),
};
