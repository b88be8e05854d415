import type { Command, CommandOption } from "./command.ts";
import { isSwitch, longFlag, optionKey } from "./option-values.ts";

/** The answers of the menu by name: texts as they were typed, true for switches, absent for what was left alone. */
export type Answers = Readonly<Record<string, string | readonly string[] | true | undefined>>;

/** `kubesim nodes add --cpu 8 --count 3`: what to type to get the same. */
export function commandLine(command: Command, answers: Answers): string {
  const words: string[] = ["kubesim", ...command.path];
  for (const argument of command.arguments ?? []) {
    const answer = answers[argument.name];
    if (answer !== undefined && answer !== true) words.push(...[answer].flat().map(quoted));
  }
  for (const option of command.options ?? []) words.push(...optionWords(option, answers[optionKey(option)]));
  return words.join(" ");
}

/** The words of a command line behind `kubesim`, for the parser. */
export function commandWords(command: Command, answers: Answers): string[] {
  const options = (command.options ?? []).flatMap((option) => {
    const answer = answers[optionKey(option)];
    if (answer === undefined) return [];
    if (answer === true) return [longFlag(option)];
    return [answer].flat().map((text) => `${longFlag(option)}=${text}`);
  });
  const words = (command.arguments ?? []).flatMap((argument) => {
    const answer = answers[argument.name];
    return answer === undefined || answer === true ? [] : [answer].flat();
  });
  return [...command.path, ...options, ...(words.length > 0 ? ["--", ...words] : [])];
}

function optionWords(option: CommandOption, answer: Answers[string]): string[] {
  if (answer === undefined) return [];
  if (isSwitch(option)) return [longFlag(option)];
  return [answer]
    .flat()
    .flatMap((text) => (text === option.default ? [] : [longFlag(option), quoted(String(text))]));
}

/** A word as a shell needs it. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
