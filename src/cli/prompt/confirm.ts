import type { CommandContext } from "../command.ts";
import { UsageError } from "../errors.ts";
import { isMachineFormat } from "../output/format.ts";

/**
 * Asks before something that cannot be undone; the default is No. Without a person at the terminal the flag is asked
 * for.
 */
export async function confirm(context: CommandContext, question: string, flag: string): Promise<boolean> {
  const { io, globals, signal } = context;
  if (globals.yes) return true;
  if (!io.canPrompt() || isMachineFormat(globals.output)) {
    throw new UsageError(`${question.replace(/\?$/, "")} needs a confirmation`, `Confirm with ${flag}`);
  }
  const prompts = await import("@inquirer/prompts");
  const agreed = await prompts.confirm(
    { message: question, default: false },
    { input: io.stdin, output: io.stderr, signal },
  );
  if (!agreed) io.note("Nothing was done");
  return agreed;
}
