import { COMMAND_GROUPS, type Command, type CommandOption } from "../command.ts";
import { GLOBAL_OPTIONS } from "../globals.ts";
import { optionKey } from "../option-values.ts";
import { flagText, optionText } from "./option-text.ts";
import { TOPICS } from "./topics.ts";
import { twoColumns, wrap } from "./two-columns.ts";

/** What help needs to know. */
export interface HelpSetting {
  readonly commands: readonly Command[];
  readonly bold: (text: string) => string;
  readonly width: number;
}

/** Short help: what it is, first steps, all commands by group. */
export function rootHelp(setting: HelpSetting): string {
  const { bold, width } = setting;
  const sections = COMMAND_GROUPS.map((group) => {
    const rows = listed(setting.commands)
      .filter((command) => command.group === group)
      .map((command) => [command.path.join(" "), command.summary] as const);
    return rows.length === 0 ? "" : `${bold(`${group}:`)}\n${twoColumns(rows, width)}\n`;
  });
  const firstSteps = [
    ["kubesim", "The menu, on a terminal"],
    ["kubesim demo", "A guided tour in a cluster of its own"],
    ["kubesim nodes add --cpu 4 --count 3", "Three nodes; starts a cluster when there is none"],
    ["kubesim pods launch --cpu 1 --count 5", "Five pods, and where each went"],
  ] as const;
  return [
    "A Kubernetes-shaped cluster in one package: boot it, use it, break it\n",
    `${bold("Usage:")} kubesim [command] [options]\n`,
    `${bold("First steps:")}\n${twoColumns(firstSteps, width)}\n`,
    ...sections.filter((section) => section !== ""),
    `Learn more: kubesim <command> --help\n            kubesim help {${Object.keys(TOPICS).join(" | ")}}\n`,
  ].join("\n");
}

/** Help of a noun: its verbs. */
export function groupHelp(setting: HelpSetting, noun: string): string {
  const commands = listed(setting.commands).filter((command) => command.path[0] === noun);
  const rows = commands.map((command) => [command.path.slice(1).join(" "), command.summary] as const);
  const examples = commands.slice(0, 3).flatMap((command) => command.examples.slice(0, 1));
  return [
    `${setting.bold("Usage:")} kubesim ${noun} <command> [options]\n`,
    `${setting.bold("Examples:")}\n${exampleLines(examples)}\n`,
    `${setting.bold("Commands:")}\n${twoColumns(rows, setting.width)}\n`,
    `Learn more: kubesim ${noun} <command> --help\n`,
  ].join("\n");
}

/** Help of one command: examples first, then arguments and options with defaults, choices and variables. */
export function commandHelp(setting: HelpSetting, command: Command): string {
  const { bold, width } = setting;
  const sections = [`${command.summary}\n`];
  if (command.description !== undefined)
    sections.push(`${wrap(command.description, Math.min(width, 100)).join("\n")}\n`);
  sections.push(`${bold("Usage:")} ${usageLine(command)}\n`);
  sections.push(`${bold("Examples:")}\n${exampleLines(command.examples)}\n`);
  const argumentRows = (command.arguments ?? []).map((argument) => {
    const name = argument.variadic ? `${argument.name}...` : argument.name;
    return [argument.required ? `<${name}>` : `[${name}]`, argument.summary] as const;
  });
  if (argumentRows.length > 0) sections.push(`${bold("Arguments:")}\n${twoColumns(argumentRows, width)}\n`);
  const optionRows = commandOptions(command).map((option) => [flagText(option), optionText(option)] as const);
  if (optionRows.length > 0) sections.push(`${bold("Options:")}\n${twoColumns(optionRows, width)}\n`);
  sections.push("Learn more: kubesim help options\n");
  return sections.join("\n");
}

/** The command's own options, then the global ones that matter to it. */
export function commandOptions(command: Command): readonly CommandOption[] {
  const wanted: readonly string[] = command.globals ?? [];
  const globals = GLOBAL_OPTIONS.filter((option) => wanted.includes(optionKey(option)));
  return [...(command.options ?? []), ...globals];
}

/** `kubesim nodes add [name] [options]`. */
export function usageLine(command: Command): string {
  const words = (command.arguments ?? []).map((argument) => {
    const name = argument.variadic ? `${argument.name}...` : argument.name;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const hasOptions = commandOptions(command).length > 0;
  return ["kubesim", ...command.path, ...words, ...(hasOptions ? ["[options]"] : [])].join(" ");
}

function exampleLines(examples: readonly { readonly note: string; readonly line: string }[]): string {
  return examples.map(({ note, line }) => `  # ${note}\n  ${line}`).join("\n");
}

function listed(commands: readonly Command[]): readonly Command[] {
  return commands.filter((command) => !command.hidden);
}
