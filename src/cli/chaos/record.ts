import { writeFile } from "node:fs/promises";
import { eventsAsLines } from "../../chaos/event-log.ts";
import type { ChaosEvent } from "../../chaos/events.ts";
import { cannotWrite } from "../cannot-write.ts";
import type { CommandContext } from "../command.ts";

/** Events are written in such portions: one text of all of a long run would be too large. */
const PORTION = 50_000;

/** Makes sure that the file can be written, before anything is hurt; empties it. */
export async function requireFile(file: string | undefined): Promise<void> {
  if (file !== undefined) await write(file, "", "w");
}

/** Writes the run's events, one JSON object a line: what `kubesim chaos report FILE` reads. */
export async function recordRun(
  { io }: CommandContext,
  file: string | undefined,
  events: readonly ChaosEvent[],
): Promise<void> {
  if (file === undefined) return;
  for (let from = 0; from < events.length; from += PORTION) {
    await write(file, eventsAsLines(events.slice(from, from + PORTION)), "a");
  }
  io.note(`Recorded ${events.length} events in ${file}; report on them with: kubesim chaos report ${file}`);
}

async function write(file: string, text: string, flag: "w" | "a"): Promise<void> {
  try {
    await writeFile(file, text, { flag });
  } catch (error) {
    throw cannotWrite(file, error, "Give another file: --record FILE");
  }
}
