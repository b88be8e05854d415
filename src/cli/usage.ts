import { CommanderError } from "commander";
import { didYouMean } from "../lib/did-you-mean.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./errors.ts";
import { GLOBAL_OPTIONS } from "./globals.ts";
import { flagsWithValue } from "./option-values.ts";

/**
 * Puts commander's complaints about a command line into our words, with a hint. Other errors come back unchanged.
 */
export function explainUsage(
  error: unknown,
  words: readonly string[],
  commands: readonly Command[],
): unknown {
  if (!(error instanceof CommanderError)) return error;
  const argv = withoutGlobalValues(words);
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const path = pathOf(argv, commands);
  const help = `See: ${["kubesim", ...path, "--help"].join(" ")}`;
  if (error.code === "commander.excessArguments") {
    const unknown = unknownSubcommand(argv, path, commands);
    if (unknown !== undefined) return new UsageError(unknown.message, hintText(unknown.meant, help));
  }
  const suggestion =
    withOnlyVerb(error.code, argv, path, commands) ??
    /Did you mean (?:one of )?(.+)\?/.exec(rest.join(" "))?.[1];
  return new UsageError(sentence(first), hintText(suggestion, help));
}

function hintText(meant: string | undefined, help: string): string {
  return meant === undefined ? help : `Did you mean ${meant}? ${help}`;
}

/** `--cluster lab clock advance` without `--cluster lab`, whose value is no word of the command. */
function withoutGlobalValues(words: readonly string[]): string[] {
  const valued = flagsWithValue(GLOBAL_OPTIONS);
  return words.filter((word, at) => !valued.includes(word) && !valued.includes(words[at - 1] ?? ""));
}

/** The words at the beginning that name a command or a group. */
function pathOf(argv: readonly string[], commands: readonly Command[]): string[] {
  const path: string[] = [];
  for (const word of argv) {
    if (word.startsWith("-")) continue;
    const next = [...path, word];
    if (!commands.some((command) => next.every((part, depth) => command.path[depth] === part))) break;
    path.push(word);
  }
  return path;
}

/** A command that takes no arguments but has subcommands (chaos) was given a word that is none of them. */
function unknownSubcommand(
  argv: readonly string[],
  path: readonly string[],
  commands: readonly Command[],
): { message: string; meant: string | undefined } | undefined {
  const verbs = commands
    .filter(
      (command) => command.path.length > path.length && path.every((part, at) => command.path[at] === part),
    )
    .map((command) => command.path[path.length] as string);
  const last = argv.indexOf(path.at(-1) ?? "");
  const word = argv.slice(last + 1).find((candidate) => !candidate.startsWith("-"));
  if (verbs.length === 0 || word === undefined) return undefined;
  return { message: `unknown command "${[...path, word].join(" ")}"`, meant: didYouMean(word, verbs) };
}

/** `kubesim explain pod-1`: a group of one command was given what that command is about. */
function withOnlyVerb(
  code: string,
  argv: readonly string[],
  path: readonly string[],
  commands: readonly Command[],
): string | undefined {
  if (code !== "commander.unknownCommand" || path.length === 0) return undefined;
  const inside = commands.filter((command) => path.every((part, at) => command.path[at] === part));
  const [only, another] = inside;
  if (only === undefined || another !== undefined || (only.arguments ?? []).length === 0) return undefined;
  return `"${["kubesim", ...only.path, ...argv.filter((word) => !path.includes(word))].join(" ")}"`;
}

/** commander quotes with '…', we with "…". */
function sentence(text: string): string {
  return text.replaceAll(/'([^']*)'/g, '"$1"').replace(/\.$/, "");
}
