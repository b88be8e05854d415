import type {
  Command,
  CommandArgument,
  CommandContext,
  CommandOption,
  CompletionSource,
} from "../command.ts";
import type { Answers } from "../command-line.ts";
import { namesFor } from "../completion/sources.ts";
import { isSwitch, optionKey, valueProblem } from "../option-values.ts";
import { BACK, type Back, type Choice, Prompts, type TextProblem } from "../prompt/prompts.ts";

/** Asks for what a command needs: required arguments, and whatever is marked `ask`. Esc anywhere answers BACK. */
export async function askFor(context: CommandContext, command: Command): Promise<Answers | Back> {
  const prompts = new Prompts(context);
  const answers: Record<string, Answers[string]> = {};
  for (const argument of command.arguments ?? []) {
    if (!argument.required && argument.ask !== true) continue;
    const answer = await askArgument(context, prompts, argument);
    if (answer === BACK) return BACK;
    answers[argument.name] = answer;
  }
  for (const option of command.options ?? []) {
    if (option.ask === undefined || option.ask === false) continue;
    const answer = await askOption(context, prompts, option);
    if (answer === BACK) return BACK;
    answers[optionKey(option)] = answer;
  }
  return answers;
}

async function askArgument(
  context: CommandContext,
  prompts: Prompts,
  argument: CommandArgument,
): Promise<Answers[string] | Back> {
  const { summary, complete, required, variadic } = argument;
  const needed = required || (argument.ask === true && complete !== undefined);
  const answer =
    complete === undefined || complete === "files"
      ? await askText(prompts, argument, summary, undefined, required)
      : await askName(context, prompts, complete, summary, needed);
  if (answer === BACK || answer === undefined) return answer;
  return variadic ? [answer] : answer;
}

async function askOption(
  context: CommandContext,
  prompts: Prompts,
  option: CommandOption,
): Promise<Answers[string] | Back> {
  const { summary, choices, complete } = option;
  if (isSwitch(option)) {
    const yes = await prompts.yesNo(summary);
    return yes === BACK ? BACK : yes || undefined;
  }
  const preset = typeof option.ask === "string" ? option.ask : option.default;
  if (choices !== undefined) {
    return prompts.choose(
      summary,
      choices.map((choice) => ({ name: choice, value: choice })),
      preset,
    );
  }
  // Where an answer is proposed, it may well be several names.
  const isNamed = complete !== undefined && complete !== "files" && typeof option.ask !== "string";
  if (isNamed) return askName(context, prompts, complete, summary, false);
  return askText(prompts, option, summary, preset, false);
}

async function askText(
  prompts: Prompts,
  of: Pick<CommandOption, "parse" | "choices">,
  message: string,
  preset: string | undefined,
  required: boolean,
): Promise<string | undefined | Back> {
  const validate = (text: string): TextProblem | undefined => {
    if (text !== "") return valueProblem(of, text);
    return required ? { problem: "is needed", hint: "Esc goes back" } : undefined;
  };
  const answer = await prompts.text(message, preset, validate);
  return answer === "" ? undefined : answer;
}

async function askName(
  context: CommandContext,
  prompts: Prompts,
  source: CompletionSource,
  message: string,
  required: boolean,
): Promise<string | undefined | Back> {
  const names = await namesFor(source, context, { mayLaunch: true });
  if (names.length === 0) {
    context.io.note(`There is nothing to choose from: ${emptyText(source)}`);
    return BACK;
  }
  const choices: Choice<string | undefined>[] = names.map(({ name, note }) => ({
    name: note === undefined ? name : `${name}  ${context.io.paint("dim", note, "stderr")}`,
    value: name,
    // Without the colours, whose codes have digits and letters in them.
    searchText: `${name} ${note ?? ""}`,
  }));
  if (!required) choices.unshift({ name: "(none)", value: undefined });
  choices.push({ name: "← back", value: BACK as unknown as string });
  return prompts.choose(message, choices);
}

function emptyText(source: CompletionSource): string {
  const texts: Partial<Record<CompletionSource, string>> = {
    nodes: "there are no nodes yet",
    "faulted-nodes": "no node has a fault",
    pods: "there are no pods yet",
    "chaos-runs": "there was no chaos run yet",
  };
  return texts[source] ?? "the list is empty";
}
