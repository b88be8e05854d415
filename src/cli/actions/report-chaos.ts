import { copyFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ChaosEvent } from "../../chaos/events.ts";
import { ReportReader } from "../../chaos/report/make-report.ts";
import type { ChaosReport } from "../../chaos/report/report.ts";
import { FileFault } from "../../lib/file-fault.ts";
import { LineReader } from "../../recording/line-reader.ts";
import { exitOf } from "../chaos/exit.ts";
import { printReport } from "../chaos/print-report.ts";
import { lastRun, openRun } from "../chaos/saved-runs.ts";
import { requireFolder, requireFormats, runLogIn, writeReports } from "../chaos/write-reports.ts";
import type { CommandRun } from "../command.ts";
import { refuseNames } from "../output/refuse-names.ts";

export const run: CommandRun = async (context, input) => {
  refuseNames(context.globals.output, "Reports");
  const formats = requireFormats(input.report as string | undefined);
  const folder = (input.out as string | undefined) ?? ".";
  const asked = (input.run as string | undefined) ?? (await lastRun(context.io.env));
  const { file, handle } = await openRun(context.io.env, asked);
  let report: ChaosReport;
  try {
    report = readReport(file, handle.fd);
  } finally {
    await handle.close();
  }
  await printReport(context, report, { eventsOnStdout: false });
  await requireFolder(folder, formats);
  const isBeside = resolve(file) === resolve(runLogIn(folder));
  if (formats.length > 0 && !isBeside) await copyFile(file, runLogIn(folder));
  await writeReports(context, report, formats, folder);
  exitOf(report);
};

/** Reads a run's events once, however many there are. The last line of one that was killed may be cut off. */
function readReport(file: string, descriptor: number): ChaosReport {
  const lines = new LineReader(descriptor);
  let reader: ReportReader | undefined;
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const event = eventOf(line.text);
    if (event?.type === "run-started") reader ??= new ReportReader(event);
    if (event === undefined || reader === undefined) throw noEvent(file, line.number);
    reader.see(event);
  }
  if (reader === undefined) throw noEvent(file, 1);
  return reader.report();
}

function eventOf(text: string): ChaosEvent | undefined {
  try {
    const event = JSON.parse(text) as ChaosEvent;
    return typeof event.t === "number" ? event : undefined;
  } catch {
    return undefined;
  }
}

function noEvent(file: string, line: number): FileFault {
  return new FileFault(file, line, 1, "is no event of a chaos run", "Give the event log of a run: RUN.jsonl");
}
