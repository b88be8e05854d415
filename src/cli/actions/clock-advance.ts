import type { ClockAdvanceStatus, ClusterClock } from "../../api/kinds/cluster-clock.ts";
import type { Objects } from "../../api/objects.ts";
import { moveClock, readClock } from "../cluster-clock.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { Exit } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { advanceText, joined } from "../output/advance.ts";
import { clockText } from "../output/clock.ts";
import { printValue } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";

/** The server answers this often in between, so that progress can be shown and Ctrl-C is heard. */
const PART = "250ms";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const status = await advance(context, objects, input.duration as number);
    if (status !== undefined) await printAdvance(context, objects, status);
    if (context.signal.aborted) throw new Exit(interruptCode(context.signal));
  });

/** Says what has happened and what time it is now. */
export async function printAdvance(
  context: CommandContext,
  objects: Objects,
  status: ClockAdvanceStatus,
): Promise<void> {
  const { io, globals } = context;
  if (globals.output !== "table" && globals.output !== "wide") return printValue(context, status);
  io.result(advanceText(status));
  io.result(`clock ${clockText((await readClock(objects)) as ClusterClock)}`);
}

async function advance(
  { io, clock, signal }: CommandContext,
  objects: Objects,
  durationMs: number,
): Promise<ClockAdvanceStatus | undefined> {
  const bar = new ProgressBar(io, clock, "Advancing", Math.round(durationMs / 1_000));
  let sum: ClockAdvanceStatus | undefined;
  try {
    for (;;) {
      const restMs = durationMs - (sum?.advancedMs ?? 0);
      if (restMs <= 0 || signal.aborted) return sum;
      const { status } = await moveClock(objects, "advance", { duration: `${restMs}ms`, timeout: PART });
      if (status === undefined) return sum;
      sum = joined(sum, status);
      bar.update(Math.round(sum.advancedMs / 1_000));
    }
  } finally {
    bar.end();
  }
}
