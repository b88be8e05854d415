import { didYouMean } from "../lib/did-you-mean.ts";
import type { CommandArgument, CommandOption } from "./command.ts";
import { CommandError, UsageError } from "./errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** `--node-selector <k=v>` -> `nodeSelector`, `--no-headers` -> `headers`: the key in CommandInput. */
export function optionKey(option: CommandOption): string {
  const long = longFlag(option).replace(/^--(no-)?/, "");
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `--namespace` of `-n, --namespace <name>`. */
export function longFlag(option: CommandOption): string {
  return /--[a-z][a-z-]*/.exec(option.flags)?.[0] ?? option.flags;
}

/** True for flags that take no value. */
export function isSwitch(option: CommandOption): boolean {
  return !/[<[]/.test(option.flags);
}

/** `--cluster`, `-n`, `--namespace`: how the options are written that take a value. */
export function flagsWithValue(options: readonly CommandOption[]): string[] {
  const valued = options.filter((option) => !isSwitch(option));
  return valued.flatMap(({ flags }) => flags.replace(/ <.*/, "").split(", "));
}

/** The text given on the command line (or texts), else the environment's, else the default; then read as a value. */
export function readOption(option: CommandOption, given: unknown, env: Environment): unknown {
  if (isSwitch(option)) return readSwitch(option, given, env);
  const fromEnvironment = option.env === undefined ? undefined : env[option.env] || undefined;
  const text = given ?? fromEnvironment ?? option.default;
  if (text === undefined) return option.repeatable ? [] : undefined;
  const source =
    given === undefined && fromEnvironment !== undefined ? (option.env as string) : longFlag(option);
  const texts = (Array.isArray(text) ? text : [text]) as readonly string[];
  const values = texts.map((one) => readValue(option, source, one));
  return option.repeatable ? values : values[0];
}

/** Checks and reads one text of an option or argument; the message names where it came from. */
export function readValue(of: Readable, source: string, text: string): unknown {
  try {
    return read(of, text);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UsageError(`${source} "${text}" ${error.message}`, error.hint);
  }
}

/** What is wrong with a text, and how to write it right; undefined when nothing is. */
export function valueProblem(of: Readable, text: string): { problem: string; hint?: string } | undefined {
  try {
    read(of, text);
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { problem: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
  }
}

/** Reads an argument, or each of a variadic one. */
export function readArgument(argument: CommandArgument, given: unknown): unknown {
  if (given === undefined) return undefined;
  if (Array.isArray(given)) return given.map((text: string) => readValue(argument, argument.name, text));
  return readValue(argument, argument.name, given as string);
}

function readSwitch(option: CommandOption, given: unknown, env: Environment): boolean {
  if (given !== undefined) return given === true;
  if (option.flags.includes("--no-")) return true;
  const text = option.env === undefined ? "" : (env[option.env] ?? "");
  return text !== "" && text !== "0" && text !== "false";
}

type Readable = Pick<CommandOption, "choices" | "parse">;

function read({ choices, parse }: Readable, text: string): unknown {
  if (choices !== undefined && !choices.includes(text)) {
    const close = didYouMean(text, choices);
    const hint = close === undefined ? undefined : `Did you mean "${close}"?`;
    throw new UsageError(`is not one of ${choices.join(", ")}`, hint);
  }
  return parse === undefined ? text : parse(text);
}
