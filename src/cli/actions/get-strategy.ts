import { strategyInForce } from "../../api/kinds/cluster-settings.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printSettings } from "../output/settings.ts";
import { readSettings } from "./settings.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    const settings = await readSettings(objects);
    if (settings.status !== undefined) context.io.note(`warning: ${settings.status.message}`);
    await printSettings(context, settings, strategyInForce(settings));
  });
