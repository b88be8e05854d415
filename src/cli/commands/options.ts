import type { CommandArgument, CommandOption } from "../command.ts";
import { label, labelSelectorText, objectNameText, positiveDuration } from "../values.ts";

/* Options and arguments that several commands have in common. */

/** `-l`, as kubectl has it. */
export const labelSelector: CommandOption = {
  flags: "-l, --selector <selector>",
  summary: "Only those with these labels: team=search,tier!=db,canary",
  parse: labelSelectorText,
};

/** `--field-selector`, as kubectl has it. */
export const fieldSelector: CommandOption = {
  flags: "--field-selector <selector>",
  summary: "Only those with these fields: spec.nodeName=node-1,status.phase!=Running",
};

/** `-A`, as kubectl has it. */
export const allNamespaces: CommandOption = {
  flags: "-A, --all-namespaces",
  summary: "In all namespaces",
};

/** `-w`. */
export const watch: CommandOption = {
  flags: "-w, --watch",
  summary: "Go on showing changes until Ctrl-C",
};

/** `--label`, repeatable. */
export const labels: CommandOption = {
  flags: "--label <key=value>",
  summary: "Label to set",
  repeatable: true,
  parse: label,
};

/** How long to wait before giving up with exit code 124; ms. */
export const timeout: CommandOption = {
  flags: "--timeout <duration>",
  summary: "Give up waiting after this long (exit code 124)",
  default: "60s",
  parse: positiveDuration,
};

/** One node that there is. */
export const nodeArgument: CommandArgument = {
  name: "name",
  summary: "Node",
  required: true,
  complete: "nodes",
  parse: objectNameText,
};

/** Nodes that there are. */
export const nodesArgument: CommandArgument = { ...nodeArgument, summary: "Nodes", variadic: true };

/** One pod that there is. */
export const podArgument: CommandArgument = {
  name: "name",
  summary: "Pod",
  required: true,
  complete: "pods",
  parse: objectNameText,
};

/** `-c`, as kubectl has it. */
export const container: CommandOption = {
  flags: "-c, --container <name>",
  summary: "Container (default: the first)",
};
