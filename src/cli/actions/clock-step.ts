import { moveClock } from "../cluster-clock.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printAdvance } from "./clock-advance.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    const { status } = await moveClock(objects, "step", {});
    if (status !== undefined) await printAdvance(context, objects, status);
  });
