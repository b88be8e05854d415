import type { Container } from "../../../api/kinds/pod.ts";

/**
 * Nothing is executed, but init containers and hooks are written to do something and end. Of what they would run,
 * `sleep N`, `exit N` and `false` are understood wherever they stand; foreseen-run.ts understands commands as a whole.
 */
export function commandOf({ command = [], args = [] }: Container): string {
  return [...command, ...args].join(" ");
}

/** Whether a command says that it goes on until it is stopped. */
export function isEndless(command: string): boolean {
  return /\bsleep inf|\btail -[fF]\b|\bwhile\b|\bdaemon off\b/.test(command);
}

/** How long the command sleeps, in ms; undefined when it does not. */
export function sleepIn(command: string): number | undefined {
  const seconds = /\bsleep (\d+(?:\.\d+)?)(?![\w.])/.exec(command)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

/** The code other than 0 that the command says it ends with; 0 when it does not say so. */
export function failureIn(command: string): number {
  const last =
    command
      .trim()
      .split(/[;&|\n]+/)
      .at(-1)
      ?.trim() ?? "";
  if (/^(\S*\/)?false$/.test(last)) return 1;
  // Within `sh -c 'exit 1'` it is the last word, too.
  const code = /(?:^|\s)exit (\d{1,3})$/.exec(last)?.[1];
  return code === undefined ? 0 : Number(code) % 256;
}
