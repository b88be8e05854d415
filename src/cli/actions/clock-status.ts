import { readClock } from "../cluster-clock.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { CommandError } from "../errors.ts";
import { printClock } from "../output/clock.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    const clock = await readClock(objects);
    if (clock !== undefined) return printClock(context, clock);
    throw new CommandError("The server does not say what time it is", {
      hint: "It may be older than this kubesim: kubesim server status",
    });
  });
