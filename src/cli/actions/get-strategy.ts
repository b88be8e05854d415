import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printSettings } from "../output/settings.ts";
import { readSettings } from "./settings.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    const settings = await readSettings(objects);
    await printSettings(context, settings, settings.spec.strategy);
  });
