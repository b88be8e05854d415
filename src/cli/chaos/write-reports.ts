import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventsAsLines } from "../../chaos/event-log.ts";
import type { ChaosEvent } from "../../chaos/events.ts";
import type { ChaosReport } from "../../chaos/report/report.ts";
import { REPORT_WRITERS } from "../../chaos/report/writers.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { cannotWrite } from "../cannot-write.ts";
import type { CommandContext } from "../command.ts";
import { UsageError } from "../errors.ts";

/** Reads `--report json,html`; fails before anything is hurt when a format is unknown. */
export function requireFormats(text: string | undefined): readonly string[] {
  const formats = (text ?? "").split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  const known = Object.keys(REPORT_WRITERS);
  for (const format of formats) {
    if (known.includes(format)) continue;
    const close = didYouMean(format, known);
    const hint = close === undefined ? `There are ${known.join(", ")}` : `Did you mean "${close}"?`;
    throw new UsageError(`--report "${format}" is not a format`, hint);
  }
  return formats;
}

/** Makes sure that the reports can be written before anything is hurt. */
export async function requireFolder(folder: string, formats: readonly string[]): Promise<void> {
  if (formats.length === 0) return;
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(`into ${folder}`, error, "Give another folder: --out DIR");
  }
}

/** Where the events of a run are kept beside its reports. */
export function runLogIn(folder: string): string {
  return join(folder, "run.jsonl");
}

/**
 * Writes a report per format and `run.jsonl` into the folder, and names the files on stderr.
 * @param events absent: they are there already
 */
export async function writeReports(
  { io }: CommandContext,
  report: ChaosReport,
  formats: readonly string[],
  folder: string,
  events?: readonly ChaosEvent[],
): Promise<void> {
  if (formats.length === 0) return;
  const files = formats.map((format) => {
    const writer = REPORT_WRITERS[format] as (typeof REPORT_WRITERS)[string];
    return { path: join(folder, writer.fileName), text: writer.write(report) };
  });
  if (events !== undefined) files.push({ path: runLogIn(folder), text: eventsAsLines(events) });
  try {
    await mkdir(folder, { recursive: true });
    for (const { path, text } of files) await writeFile(path, text);
  } catch (error) {
    throw cannotWrite(`into ${folder}`, error, "Give another folder: --out DIR");
  }
  const there = events === undefined ? [runLogIn(folder)] : [];
  io.note(`Wrote ${[...files.map(({ path }) => path), ...there].join(", ")}`);
}
