import type { ChaosEvent } from "../../chaos/events.ts";
import { FileFault } from "../../lib/file-fault.ts";
import { exitOf } from "../chaos/exit.ts";
import { printReport } from "../chaos/print-report.ts";
import { lastRun, readRun } from "../chaos/saved-runs.ts";
import { requireFormats, writeReports } from "../chaos/write-reports.ts";
import type { CommandRun } from "../command.ts";

export const run: CommandRun = async (context, input) => {
  const formats = requireFormats(input.report as string | undefined);
  const asked = (input.run as string | undefined) ?? (await lastRun(context.io.env));
  const { file, text } = await readRun(context.io.env, asked);
  const events = parseEvents(file, text);
  await printReport(context, events, { eventsOnStdout: false });
  await writeReports(context, events, formats, (input.out as string | undefined) ?? ".");
  exitOf(events);
};

function parseEvents(file: string, text: string): ChaosEvent[] {
  const lines = text.split("\n");
  // The last line of a run that was killed may be cut off.
  if (lines.at(-1) === "") lines.pop();
  return lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line) as ChaosEvent];
    } catch {
      if (index === lines.length - 1 && index > 0) return [];
      throw new FileFault(
        file,
        index + 1,
        1,
        "is no event of a chaos run",
        "Give the event log of a run: RUN.jsonl",
      );
    }
  });
}
