import type { CommandContext } from "../command.ts";
import { CommandError, Exit, ExitCode } from "../errors.ts";

/** The answer when a person steps back: Esc, or the "back" choice. */
export const BACK = Symbol("back");
export type Back = typeof BACK;

/** A thing to choose from. */
export interface Choice<T> {
  readonly name: string;
  readonly value: T;
  readonly description?: string;
  /** What typing is compared with, where that is not the name as it is shown. */
  readonly searchText?: string;
}

/** What is wrong with an answer, and how to write it right. */
export interface TextProblem {
  readonly problem: string;
  readonly hint?: string;
}

/** From so many choices on they are searched by typing. */
const CHOICES_FOR_SEARCH = 12;

/**
 * Questions on the terminal, on stderr. Esc answers BACK; Ctrl-C ends the program with 130; the end of the input ends
 * it with an error.
 */
export class Prompts {
  readonly #context: CommandContext;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** One of several; typing narrows long lists down. */
  async choose<T>(message: string, choices: readonly Choice<T>[], chosen?: T): Promise<T | Back> {
    const { search, select } = await import("@inquirer/prompts");
    if (choices.length < CHOICES_FOR_SEARCH) {
      const config = { message, choices, pageSize: choices.length, loop: false, ...defaultOf(chosen) };
      return this.#ask((context) => select<T>(config, context));
    }
    const source = (term = "") => choices.filter(({ name, searchText = name }) => searchText.includes(term));
    return this.#ask((context) => search<T>({ message: `${message} (type to search)`, source }, context));
  }

  /** One of many entries of a menu: all visible where that leaves room for what the last one printed. */
  async menu<T>(message: string, choices: readonly Choice<T>[], chosen?: T): Promise<T | Back> {
    const { select } = await import("@inquirer/prompts");
    const rows = this.#context.io.stderr.rows ?? 24;
    const pageSize = Math.max(5, Math.min(choices.length, Math.floor(rows / 2)));
    return this.#ask((context) =>
      select<T>({ message, choices, pageSize, loop: false, ...defaultOf(chosen) }, context),
    );
  }

  /** A text; what `check` finds wrong stands in front of it while it is typed. */
  async text(
    message: string,
    preset: string | undefined,
    check: (text: string) => TextProblem | undefined,
  ): Promise<string | Back> {
    const { input } = await import("@inquirer/prompts");
    const { io } = this.#context;
    const validate = (text: string): string | true => {
      const found = check(text);
      if (found === undefined) return true;
      return `"${text}" ${found.problem}${found.hint === undefined ? "" : `. ${found.hint}`}`;
    };
    const transformer = (text: string, { isFinal }: { isFinal: boolean }): string => {
      const found = isFinal || text === "" ? undefined : check(text);
      return found === undefined ? text : `${io.paint("red", `(${found.problem})`, "stderr")} ${text}`;
    };
    const config = { message, validate, transformer, ...(preset !== undefined && { default: preset }) };
    return this.#ask((context) => input(config, context));
  }

  /** Yes or no; no unless said otherwise. */
  async yesNo(message: string, preset = false): Promise<boolean | Back> {
    const { confirm } = await import("@inquirer/prompts");
    return this.#ask((context) => confirm({ message, default: preset }, context));
  }

  async #ask<T>(prompt: (context: PromptContext) => Promise<T>): Promise<T | Back> {
    const { io, signal } = this.#context;
    const leaving = new AbortController();
    let ended = false;
    const onEnd = () => {
      ended = true;
      leaving.abort();
    };
    const onKey = (_: unknown, key: PressedKey | undefined) => {
      if (key?.name === "escape") leaving.abort();
      if (key?.ctrl === true && key.name === "d") onEnd();
    };
    io.stdin.on("keypress", onKey);
    for (const event of ["end", "close"]) io.stdin.on(event, onEnd);
    try {
      const either = AbortSignal.any([signal, leaving.signal]);
      return await prompt({ input: io.stdin, output: io.stderr, signal: either });
    } catch (error) {
      if (leaving.signal.aborted && !ended) return BACK;
      throw signal.aborted ? error : explained(error, ended);
    } finally {
      io.stdin.off("keypress", onKey);
      for (const event of ["end", "close"]) io.stdin.off(event, onEnd);
    }
  }
}

/** What Node's readline tells of a key. */
interface PressedKey {
  readonly name?: string;
  readonly ctrl?: boolean;
}

interface PromptContext {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

function defaultOf<T>(chosen: T | undefined): { default?: T } {
  return chosen === undefined ? {} : { default: chosen };
}

/** Inquirer ends a question by an ExitPromptError for Ctrl-C. */
function explained(error: unknown, ended: boolean): unknown {
  if (ended) {
    return new CommandError("The input ended in the middle of a question", {
      hint: "Nothing was done by it. Everything can be said on the command line, too: kubesim help",
      reason: "InputEnded",
    });
  }
  const interrupted = error instanceof Error && error.name === "ExitPromptError";
  return interrupted ? new Exit(ExitCode.interrupted) : error;
}
