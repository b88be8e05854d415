import { readStatus } from "../actions/status.ts";
import type { Command, CommandContext } from "../command.ts";
import { commandLine, commandWords } from "../command-line.ts";
import { withRunningCluster } from "../connection.ts";
import { Exit, failureOf, ProcessExit } from "../errors.ts";
import { showFailure } from "../failure.ts";
import { fold } from "../output/fold.ts";
import { statusHeadline } from "../output/status-lines.ts";
import { type ParseSetting, parseCommandLine } from "../program.ts";
import { BACK, type Choice, Prompts } from "../prompt/prompts.ts";
import { askFor } from "./ask.ts";
import { type MenuItem, menuItems } from "./items.ts";

/** The menu: choose, answer, see the result and the command line that would have done the same; until one leaves. */
export async function runMenu(context: CommandContext, setting: ParseSetting): Promise<void> {
  const prompts = new Prompts(context);
  const { io, signal } = context;
  io.note(io.paint("bold", "kubesim", "stderr"));
  let last: MenuItem | undefined;
  while (!signal.aborted) {
    io.note(`\n${await headline(context)}`);
    const item = await pick(prompts, "What now?", menuItems(setting.commands), "Leave", last);
    if (item === undefined) return;
    last = item;
    const command = item.kind === "command" ? item.command : await pickInside(prompts, item);
    if (command !== undefined) await perform(context, setting, command);
  }
}

async function pickInside(
  prompts: Prompts,
  item: MenuItem & { kind: "submenu" },
): Promise<Command | undefined> {
  const inside = item.commands.map(
    (command): MenuItem => ({
      kind: "command",
      label: command.menu?.label ?? "",
      command,
    }),
  );
  const chosen = await pick(prompts, item.label, inside, "← back", undefined);
  return chosen?.kind === "command" ? chosen.command : undefined;
}

/** Undefined: back. */
async function pick(
  prompts: Prompts,
  message: string,
  items: readonly MenuItem[],
  leave: string,
  last: MenuItem | undefined,
): Promise<MenuItem | undefined> {
  const choices: Choice<string>[] = items.map((item) => ({
    name: item.kind === "submenu" ? `${item.label} …` : item.label,
    value: item.label,
    ...(item.kind === "command" && { description: item.command.summary }),
  }));
  choices.push({ name: leave, value: "" });
  const chosen = await prompts.menu(message, choices, last?.label);
  return chosen === BACK ? undefined : items.find((item) => item.label === chosen);
}

async function perform(context: CommandContext, setting: ParseSetting, command: Command): Promise<void> {
  const { io, globals, signal } = context;
  try {
    const answers = await askFor(context, command);
    if (answers === BACK) return;
    const parsed = parseCommandLine(commandWords(command, answers), setting);
    if (parsed.kind !== "run") return;
    const { run } = await command.load();
    await run(context, parsed.input);
    io.note(io.paint("dim", `\nYou can also run: ${commandLine(command, answers)}`, "stderr"));
  } catch (error) {
    // A failed action must not end the menu; leaving it, and defects of the terminal, must.
    if (error instanceof ProcessExit) return;
    if (error instanceof Exit || signal.aborted || failureOf(error).reason === "InputEnded") throw error;
    showFailure(io, error, { json: false, verbose: globals.verbose });
  }
}

async function headline(context: CommandContext): Promise<string> {
  const { io, globals } = context;
  try {
    const summary = await withRunningCluster(context, (cluster) => readStatus(context, cluster));
    if (summary !== undefined) return statusHeadline(summary, io);
    return fold([globals.cluster, "not running; the first command starts it"], io.width("stderr"));
  } catch (error) {
    return io.paint("red", failureOf(error).message, "stderr");
  }
}
