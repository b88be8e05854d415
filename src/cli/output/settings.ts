import type { ClusterSettings } from "../../api/kinds/cluster-settings.ts";
import type { CommandContext } from "../command.ts";
import { printValue } from "./print.ts";

/** The answer of a command that read or changed the settings: a sentence, or the object. */
export async function printSettings(
  context: CommandContext,
  settings: ClusterSettings,
  sentence: string,
): Promise<void> {
  const { io, globals } = context;
  if (globals.output === "table" || globals.output === "wide") io.result(sentence);
  else if (globals.output === "name") io.result(`clustersettings.kubesim.dev/${settings.metadata.name}`);
  else await printValue(context, settings);
}
