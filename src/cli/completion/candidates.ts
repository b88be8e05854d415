import type { Command, CommandArgument, CommandOption, CompletionSource } from "../command.ts";
import { GLOBAL_OPTIONS } from "../globals.ts";
import { isSwitch, longFlag } from "../option-values.ts";

/** A completion and what it does. */
export interface Candidate {
  readonly value: string;
  readonly note?: string;
}

/** What can stand at the end of a command line: known here, or to be asked of a source. */
export interface Completions {
  readonly candidates: readonly Candidate[];
  readonly source?: CompletionSource;
}

/** What can stand in the place of the last word (which may be empty). */
export function completionsFor(commands: readonly Command[], typed: readonly string[]): Completions {
  const words = rejoined(typed);
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const visible = commands.filter((command) => !command.hidden);
  const { command, operands } = locate(visible, before);
  const options = [...(command?.options ?? []), ...GLOBAL_OPTIONS];
  const equals = current.startsWith("--") ? current.indexOf("=") : -1;
  if (equals > 0) {
    const flag = current.slice(0, equals);
    const found = valuesOf(options.find((option) => names(option).includes(flag)));
    return {
      ...found,
      candidates: found.candidates.map((one) => ({ ...one, value: `${flag}=${one.value}` })),
    };
  }
  const open = options.find((option) => !isSwitch(option) && names(option).includes(before.at(-1) ?? ""));
  if (open !== undefined) return valuesOf(open);
  if (current.startsWith("-")) return flagsOf(options, before);
  const subcommands = nextWords(visible, operands);
  const values = command === undefined ? { candidates: [] } : argumentValues(command, operands);
  return { ...values, candidates: [...subcommands, ...values.candidates] };
}

/** The words as they were meant: bash hands `--output=json` over as three. */
export function rejoined(typed: readonly string[]): string[] {
  const words: string[] = [];
  for (const word of typed) {
    const last = words.at(-1);
    if (last?.startsWith("--") && (word === "=" || last.endsWith("="))) words[words.length - 1] = last + word;
    else words.push(word);
  }
  return words;
}

/** The command that the words before name, and all words that are no flags. */
function locate(commands: readonly Command[], before: readonly string[]) {
  const operands: string[] = [];
  let skip = false;
  for (const word of before) {
    if (skip) skip = false;
    else if (word.startsWith("-")) {
      const known = [...GLOBAL_OPTIONS, ...commands.flatMap((command) => command.options ?? [])];
      const option = known.find((candidate) => names(candidate).includes(word));
      skip = option !== undefined && !isSwitch(option);
    } else operands.push(word);
  }
  const matching = commands.filter((command) =>
    command.path.every((part, depth) => operands[depth] === part),
  );
  const command = matching.sort((a, b) => b.path.length - a.path.length)[0];
  return { command, operands };
}

function nextWords(commands: readonly Command[], operands: readonly string[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { path, summary } of commands) {
    const next = path[operands.length];
    if (next === undefined || !operands.every((word, depth) => path[depth] === word)) continue;
    const isLeaf = path.length === operands.length + 1;
    if (isLeaf || !found.has(next))
      found.set(next, isLeaf ? { value: next, note: summary } : { value: next });
  }
  return [...found.values()];
}

function argumentValues(command: Command, operands: readonly string[]): Completions {
  const given = operands.length - command.path.length;
  const list = command.arguments ?? [];
  const argument: CommandArgument | undefined =
    list[given] ?? (list.at(-1)?.variadic ? list.at(-1) : undefined);
  return argument === undefined ? { candidates: [] } : valuesOf(argument);
}

function valuesOf(option: Pick<CommandOption, "choices" | "complete"> | undefined): Completions {
  const candidates = (option?.choices ?? []).map((value) => ({ value }));
  return option?.complete === undefined ? { candidates } : { candidates, source: option.complete };
}

function flagsOf(options: readonly CommandOption[], before: readonly string[]): Completions {
  const used = (option: CommandOption) => names(option).some((name) => before.includes(name));
  const candidates = options
    .filter((option) => option.repeatable || !used(option))
    .map((option) => ({ value: longFlag(option), note: option.summary }));
  return { candidates: [...candidates, { value: "--help", note: "Show help" }] };
}

function names(option: CommandOption): string[] {
  return option.flags.split(/[\s,]+/).filter((word) => word.startsWith("-"));
}
