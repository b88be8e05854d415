import type { Container } from "../../../api/kinds/pod.ts";
import { expand } from "../shell/environment.ts";

/** What becomes of a command by itself. */
export interface ForeseenRun {
  /** So long it sleeps in all, in ms. */
  readonly durationMs: number;
  readonly exitCode: number;
  /** What it writes, and when, in ms since its start. */
  readonly output: readonly { readonly atMs: number; readonly text: string }[];
}

/**
 * What becomes of a container's command, when every word of it is understood: `sleep`, `echo`, `date`, `true`, `false`,
 * `exit`, also in `sh -c` and joined by `;`, `&&`, `||` and newlines. Undefined when there is none, or anything else in
 * it: such a command may go on for ever. Nothing is executed.
 * @param startedMs when it started, in ms since the epoch, where its output matters
 */
export function foreseenRun(
  { command = [], args = [], env = [] }: Container,
  startedMs = 0,
): ForeseenRun | undefined {
  if (command.length + args.length === 0) return undefined;
  const variables: Record<string, string> = {};
  for (const { name, value = "", valueFrom } of env) {
    if (valueFrom === undefined) variables[name] = expand(value, variables);
  }
  const words = [...command, ...args].map((word) => expand(word, variables));
  // It stands for something that only the API knows, or for the output of another command.
  if (words.some((word) => word.includes("$("))) return undefined;
  const script = scriptOf(words);
  const steps = script === undefined ? [{ after: ";", words } satisfies Step] : stepsOf(script, variables);
  return steps && walk(steps, startedMs);
}

/** What joins a step with the one before. */
type Joint = ";" | "&&" | "||";

interface Step {
  readonly after: Joint;
  readonly words: readonly string[];
}

/** The text that a shell is to run; undefined when the command is no shell's. */
function scriptOf([program = "", option, script]: readonly string[]): string | undefined {
  const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash|ash|dash)$/.test(program);
  return isShell && option === "-c" ? script : undefined;
}

/** One piece of a script: a quoted text, a joint, a gap, or bare characters; else something that is not understood. */
const PIECE =
  /'([^']*)'|"((?:[^"\\`$]|\\.|\$(?![({]))*)"|(;|&&|\|\||\n)|([ \t]+)|([^\s'"\\;&|<>()`{}$#*?[\]]+)|(\$\w+)/y;

const VARIABLE = /\$(\w+)/g;

function stepsOf(script: string, variables: Readonly<Record<string, string>>): readonly Step[] | undefined {
  const steps: Step[] = [];
  let after: Joint = ";";
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endStep = (next: Joint) => {
    endWord();
    if (words.length > 0) steps.push({ after, words });
    words = [];
    after = next;
  };
  const isKnown = (name: string) => Object.hasOwn(variables, name);
  const filledIn = (text: string) => text.replace(VARIABLE, (_all, name: string) => variables[name] ?? "");
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < script.length) {
    const piece = PIECE.exec(script);
    if (piece === null) return undefined;
    const [, single, double, joint, gap, bare, variable] = piece;
    for (const [, name = ""] of (double ?? variable ?? "").matchAll(VARIABLE)) {
      if (!isKnown(name)) return undefined;
    }
    if (joint !== undefined) endStep(joint === "\n" ? ";" : (joint as Joint));
    else if (gap !== undefined) endWord();
    else {
      const text = double === undefined ? undefined : filledIn(double).replace(/\\(["\\])/g, "$1");
      word = (word ?? "") + (single ?? text ?? bare ?? filledIn(variable as string));
    }
  }
  endStep(";");
  return steps;
}

/** Goes through it as a shell would; undefined at the first step that is not understood. */
function walk(steps: readonly Step[], startedMs: number): ForeseenRun | undefined {
  const output: { atMs: number; text: string }[] = [];
  let durationMs = 0;
  let exitCode = 0;
  for (const { after, words } of steps) {
    if ((after === "&&" && exitCode !== 0) || (after === "||" && exitCode === 0)) continue;
    const [program = "", ...rest] = words;
    switch (program.replace(/^\/(?:usr\/)?bin\//, "")) {
      case "sleep": {
        const sleepMs = sleepOf(rest);
        if (sleepMs === undefined) return undefined;
        durationMs += sleepMs;
        exitCode = 0;
        break;
      }
      case "echo":
        output.push({ atMs: durationMs, text: rest.filter((each, at) => at > 0 || each !== "-n").join(" ") });
        exitCode = 0;
        break;
      case "true":
      case ":":
        exitCode = 0;
        break;
      case "false":
        exitCode = 1;
        break;
      case "date":
        output.push({ atMs: durationMs, text: dateText(startedMs + durationMs) });
        exitCode = 0;
        break;
      case "exit":
        return { durationMs, exitCode: rest[0] === undefined ? exitCode : Number(rest[0]) & 0xff, output };
      default:
        return undefined;
    }
  }
  return { durationMs, exitCode, output };
}

const UNIT_MS: Readonly<Record<string, number>> = {
  "": 1_000,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** All that `sleep` is told to sleep, in ms; undefined for what is no time, or without end. */
function sleepOf(words: readonly string[]): number | undefined {
  let sumMs = 0;
  for (const word of words) {
    const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word) ?? [];
    if (count === undefined) return undefined;
    sumMs += Number(count) * (UNIT_MS[unit] as number);
  }
  return words.length === 0 ? undefined : sumMs;
}

/** As `date` writes it: `Wed Jan  1 00:00:00 UTC 2025`. */
function dateText(epochMs: number): string {
  const [day = "", date = "", month, year, time] = new Date(epochMs).toUTCString().split(" ");
  return `${day.slice(0, 3)} ${month} ${String(Number(date)).padStart(2)} ${time} UTC ${year}`;
}
