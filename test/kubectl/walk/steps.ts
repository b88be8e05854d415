import type { Kubectl } from "../kubectl.ts";

/** One kubectl on its walk, in a namespace of its own that it takes for the current one. */
export interface Walker {
  readonly kubectl: Kubectl;
  readonly namespace: string;
  /** Of the client: 33 for v1.33. */
  readonly minor: number;
}

/**
 * A step on the way through the table of kubectl's commands: the line of the table it belongs to, and a command with
 * what it must print (to either stream) and the code it ends with; or, where that is not enough, what to do.
 */
export type Step =
  | readonly [line: string, command: string, says: RegExp, code?: number]
  | readonly [line: string, walk: (walker: Walker) => Promise<void>];

/** Runs a command line as it would be typed; `NS` in it stands for the namespace. */
export async function type({ kubectl, namespace }: Walker, command: string, code = 0): Promise<string> {
  const outcome = await kubectl.run(words(command.replaceAll("NS", namespace)));
  const said = `${outcome.stdout}${outcome.stderr}`;
  if (outcome.code !== code) throw new Error(`kubectl ${command} ended with ${outcome.code}: ${said}`);
  return said;
}

/** Takes one step; fails with the command and what it said. */
export async function take(walker: Walker, step: Step): Promise<void> {
  const [, command, says, code] = step;
  if (typeof command !== "string") {
    await command(walker);
    return;
  }
  const said = await type(walker, command, code);
  if (!says?.test(said)) throw new Error(`kubectl ${command} did not say ${says}, but: ${said}`);
}

/** Words are parted by spaces, but for those within single quotes. */
function words(command: string): string[] {
  return [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ""));
}
