import { didYouMean } from "../../lib/did-you-mean.ts";
import type { CommandRun } from "../command.ts";
import { UsageError } from "../errors.ts";
import { commandHelp, groupHelp, type HelpSetting, rootHelp } from "../help/layout.ts";
import { TOPICS } from "../help/topics.ts";
import { COMMANDS } from "../registry.ts";

export const run: CommandRun = async ({ io }, input) => {
  const words = (input.topic ?? []) as readonly string[];
  const setting: HelpSetting = {
    commands: COMMANDS,
    bold: (text) => io.paint("bold", text),
    width: io.width(),
  };
  io.stdout.write(helpText(words, setting));
};

function helpText(words: readonly string[], setting: HelpSetting): string {
  const asked = words.join(" ");
  if (asked === "") return rootHelp(setting);
  if (Object.hasOwn(TOPICS, asked)) return (TOPICS[asked] as (typeof TOPICS)[string]).text(setting.width);
  const command = setting.commands.find((candidate) => candidate.path.join(" ") === asked);
  if (command !== undefined) return commandHelp(setting, command);
  if (setting.commands.some((candidate) => candidate.path[0] === asked)) return groupHelp(setting, asked);
  const names = [...Object.keys(TOPICS), ...setting.commands.map((candidate) => candidate.path.join(" "))];
  const close = didYouMean(asked, names);
  throw new UsageError(
    `There is no help about "${asked}"`,
    close === undefined ? "See all commands with: kubesim help" : `Did you mean: kubesim help ${close}`,
  );
}
