import { styleText } from "node:util";
import { type Aim, aimed } from "./same-cluster.ts";

/** What a person or a script stands behind; process.stdin and the like, or streams of a test. */
export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean };
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Formats that kubesim uses; one at a time (arrays of formats ignore the stream on Node 20). */
export type Paint = "red" | "green" | "yellow" | "cyan" | "bold" | "dim";

/** `auto` looks at the stream and the environment. */
export type ColorMode = "auto" | "always" | "never";

/**
 * The one door to the terminal: streams, colour, width and whether a person can be asked; all replaceable in tests.
 * stdout carries results only; messages, progress, warnings and questions go to stderr.
 */
export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes a line of the result. */
  result(line: string): void;
  /** Writes a line of what goes on, to stderr. Command lines in it are made to mean this run's cluster. */
  note(line: string): void;
  /** A line with recommended command lines in it, which are made to mean this run's cluster and namespace. */
  advice(line: string): string;
  /** Colours a text for stdout (or stderr), or returns it as it is. */
  paint(format: Paint, text: string, stream?: "stdout" | "stderr"): string;
  /** Columns of a stream's terminal; 80 when it is none. */
  width(stream?: "stdout" | "stderr"): number;
  /** True when questions may be asked: a person at both ends, and not in CI. */
  canPrompt(): boolean;
}

/** Streams and environment that an Io is made of. */
export interface IoParts {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Decides colour once per stream; `aim` is what the command line said of the cluster that it means. */
export function createIo(parts: IoParts, color: ColorMode, aim: Aim = {}): Io {
  const { stdout, stderr, env } = parts;
  const colored = {
    stdout: wantsColor(stdout, env, color),
    stderr: wantsColor(stderr, env, color),
  };
  return {
    get stdin() {
      return parts.stdin;
    },
    stdout,
    stderr,
    env,
    result: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${aimed(line, aim)}\n`),
    advice: (line) => aimed(line, aim),
    paint: (format, text, stream = "stdout") =>
      colored[stream] ? styleText(format, text, { validateStream: false }) : text,
    width: (stream = "stdout") =>
      (stream === "stdout" ? stdout : stderr).columns || Number(env.COLUMNS) || 80,
    canPrompt: () =>
      parts.stdin.isTTY === true && stderr.isTTY === true && !isSet(env.CI) && env.TERM !== "dumb",
  };
}

/** --color, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb, CLICOLOR, then whether it is a terminal. */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
  mode: ColorMode,
): boolean {
  if (mode !== "auto") return mode === "always";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  if (env.FORCE_COLOR !== undefined) return isSet(env.FORCE_COLOR) || env.FORCE_COLOR === "";
  if (isSet(env.CLICOLOR_FORCE)) return true;
  if (env.TERM === "dumb" || env.CLICOLOR === "0") return false;
  return stream.isTTY === true;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}
