import { changeClock } from "../cluster-clock.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printClock } from "../output/clock.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    await printClock(context, await changeClock(objects, { mode: "Paused" }));
  });
