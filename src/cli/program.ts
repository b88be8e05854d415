import { CommanderError, Command as Node } from "commander";
import type { Command, CommandInput, CommandOption } from "./command.ts";
import { UsageError } from "./errors.ts";
import { GLOBAL_OPTIONS, type GlobalOptions } from "./globals.ts";
import { commandHelp, groupHelp, rootHelp } from "./help/layout.ts";
import { flagsWithValue, isSwitch, optionKey, readArgument, readOption } from "./option-values.ts";

/** What the command line came to: a command to run, or a text to show. */
export type Parsed =
  | {
      readonly kind: "run";
      readonly command: Command;
      readonly input: CommandInput;
      readonly globals: GlobalOptions;
    }
  | { readonly kind: "bare"; readonly globals: GlobalOptions }
  | { readonly kind: "text"; readonly text: string };

/** Where parsing happens: what commands there are, the environment, and how help is coloured. */
export interface ParseSetting {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly bold: (text: string) => string;
  readonly width: number;
}

/**
 * Reads a command line. Fails with CommanderError (see usage.ts) or UsageError; runs nothing.
 * Global options may stand before and after the command.
 */
export function parseCommandLine(argv: readonly string[], setting: ParseSetting): Parsed {
  let parsed: Parsed | undefined;
  const written: string[] = [];
  const root = newNode("kubesim", () => rootHelp(setting));
  root.configureOutput({ writeOut: (text) => written.push(text), writeErr: () => {} });
  root.version(setting.version, "-V, --version", "Print the version");
  for (const option of GLOBAL_OPTIONS) addOption(root, option);
  const globals = () => readGlobals(root.opts(), setting.env);
  for (const command of commandsOf(argv, setting.commands)) {
    const node = nodeFor(root, command.path, setting);
    describe(node, command);
    node.action((...values: unknown[]) => {
      const input = readInput(command, values, givenTo(node, command), setting.env);
      parsed = { kind: "run", command, input, globals: globals() };
    });
  }
  try {
    root.parse(withPassThrough(argv, setting.commands), { from: "user" });
  } catch (error) {
    const code = error instanceof CommanderError ? error.code : "";
    if (code === "commander.version") return { kind: "text", text: `${setting.version}\n` };
    if (code === "commander.helpDisplayed") return { kind: "text", text: written.join("") };
    if (code !== "commander.help") throw error;
    if (root.args.length === 0) return { kind: "bare", globals: globals() };
    return { kind: "text", text: groupHelp(setting, root.args[0] as string) };
  }
  return parsed ?? { kind: "bare", globals: globals() };
}

/** Those that begin with the first word: making all known to commander takes it longer than many a command. */
function commandsOf(argv: readonly string[], commands: readonly Command[]): readonly Command[] {
  const word = argv[firstWord(argv)];
  const named = commands.filter(({ path }) => path[0] === word);
  return named.length === 0 ? commands : named;
}

/** Puts `--` behind the name of a command whose words are all its own, unless only its help is asked for. */
function withPassThrough(argv: readonly string[], commands: readonly Command[]): string[] {
  const place = firstWord(argv);
  const isOwn = commands.some(({ path, passThrough }) => passThrough && path.join(" ") === argv[place]);
  const rest = argv.slice(place + 1);
  if (!isOwn || (rest.length === 1 && (rest[0] === "-h" || rest[0] === "--help"))) return [...argv];
  return [...argv.slice(0, place + 1), "--", ...rest];
}

/** Where the first word stands that is neither a global option nor the value of one. */
function firstWord(argv: readonly string[]): number {
  const withValue = flagsWithValue(GLOBAL_OPTIONS);
  let place = 0;
  while (place < argv.length && argv[place]?.startsWith("-"))
    place += withValue.includes(argv[place] as string) ? 2 : 1;
  return place;
}

/** Makes the global options of what was given, for callers that have no command line (menu, tests). */
export function readGlobals(
  given: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): GlobalOptions {
  const values: Record<string, unknown> = {};
  for (const option of GLOBAL_OPTIONS) {
    const key = optionKey(option);
    values[key] = readOption(option, key === "color" && given[key] === false ? "never" : given[key], env);
  }
  return values as unknown as GlobalOptions;
}

function nodeFor(root: Node, path: readonly string[], setting: ParseSetting): Node {
  let node = root;
  for (const [depth, name] of path.entries()) {
    const known = node.commands.find((child) => child.name() === name);
    if (known !== undefined) {
      node = known;
      continue;
    }
    const isGroup = depth < path.length - 1;
    const child = newNode(
      name,
      () => (isGroup ? groupHelp(setting, name) : commandHelp(setting, commandAt(setting.commands, path))),
      root,
    );
    node.addCommand(child);
    node = child;
  }
  return node;
}

function commandAt(commands: readonly Command[], path: readonly string[]): Command {
  return commands.find((command) => command.path.join(" ") === path.join(" ")) as Command;
}

function newNode(name: string, help: () => string, root?: Node): Node {
  const node = new Node(name);
  if (root !== undefined) node.copyInheritedSettings(root);
  node.exitOverride();
  node.helpCommand(false);
  node.helpOption("-h, --help", "Show help");
  node.configureHelp({ formatHelp: help });
  return node;
}

function describe(node: Node, command: Command): void {
  for (const argument of command.arguments ?? []) {
    const name = argument.variadic ? `${argument.name}...` : argument.name;
    node.argument(argument.required ? `<${name}>` : `[${name}]`, argument.summary);
  }
  for (const option of command.options ?? []) addOption(node, option);
}

function addOption(node: Node, option: CommandOption): void {
  if (option.repeatable && !isSwitch(option)) {
    node.option(option.flags, option.summary, (text: string, before: string[] | undefined) => [
      ...(before ?? []),
      text,
    ]);
    return;
  }
  // `--no-x` would make commander default x to true, which would hide the environment.
  const flags = node.createOption(option.flags, option.summary);
  flags.default(undefined);
  node.addOption(flags);
  if (option.flags.startsWith("--color")) node.addOption(node.createOption("--no-color").hideHelp());
}

/**
 * What was given for a command's options. `chaos report --report html`: chaos has such an option, too, and commander
 * gives it to the command above. Fails with UsageError at what only that one has.
 */
function givenTo(node: Node, command: Command): Readonly<Record<string, unknown>> {
  const above = node.parent?.parent == null ? {} : (node.parent as Node).opts();
  const keys = (command.options ?? []).map(optionKey);
  for (const option of node.parent?.options ?? []) {
    const key = option.attributeName();
    if (above[key] === undefined || keys.includes(key)) continue;
    const help = `See: ${["kubesim", ...command.path, "--help"].join(" ")}`;
    throw new UsageError(`unknown option "${option.long}"`, help);
  }
  const own = Object.entries(node.opts()).filter(([, value]) => value !== undefined);
  return { ...above, ...Object.fromEntries(own) };
}

function readInput(
  command: Command,
  values: readonly unknown[],
  given: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): CommandInput {
  const input: Record<string, unknown> = {};
  for (const [index, argument] of (command.arguments ?? []).entries()) {
    input[argument.name] = readArgument(argument, values[index]);
  }
  for (const option of command.options ?? []) {
    const key = optionKey(option);
    input[key] = readOption(option, given[key], env);
  }
  return input;
}
