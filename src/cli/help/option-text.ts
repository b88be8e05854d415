import type { CommandOption } from "../command.ts";
import { isSwitch } from "../option-values.ts";

/** `-n, --namespace <name>`, aligned so that long flags stand under each other. */
export function flagText(option: CommandOption): string {
  return option.flags.startsWith("--") ? `    ${option.flags}` : option.flags;
}

/** Summary, choices, default and environment variable of an option. */
export function optionText(option: CommandOption): string {
  const facts: string[] = [];
  if (option.choices !== undefined) facts.push(option.choices.join(", "));
  if (option.default !== undefined && !isSwitch(option)) facts.push(`default: ${option.default}`);
  if (option.env !== undefined) facts.push(`env: ${option.env}`);
  if (option.repeatable) facts.push("repeatable");
  return facts.length === 0 ? option.summary : `${option.summary} (${facts.join("; ")})`;
}
