import { once } from "node:events";
import { elapsedText } from "../../api/kinds/cluster-clock.ts";
import { EventHash } from "../../recording/event-hash.ts";
import { isEvent } from "../../recording/line.ts";
import type { RecordingFile } from "../../recording/recording-file.ts";
import type { CommandContext } from "../command.ts";
import { CommandError } from "../errors.ts";
import { replaySentence } from "./sentence.ts";

/**
 * Prints what happened, a line per event: sentences, or the events themselves with -o json or jsonl. Fails with
 * CommandError in the end when these are not the events whose sha256 stands in the last line.
 */
export async function printLog({ io, globals, signal }: CommandContext, file: RecordingFile): Promise<void> {
  const asJson = globals.output === "json" || globals.output === "jsonl";
  const hash = new EventHash();
  for (const { line, place } of file.lines()) {
    if (signal.aborted) return;
    if (!isEvent(line)) continue;
    hash.addLine(place.text);
    const text = asJson ? place.text : sentence(line);
    // Who reads slowly is waited for, so that a long log is never all in memory.
    if (text !== undefined && !io.stdout.write(`${text}\n`)) await once(io.stdout, "drain");
  }
  if (file.end === undefined || file.end.sha256 === hash.digest()) return;
  throw new CommandError(`${file.name} was changed: its events do not have the sha256 of its last line`, {
    hint: "They were shown as they stand there now; --verify says from where on they differ",
    reason: "Changed",
  });
}

function sentence(event: Parameters<typeof replaySentence>[0]): string | undefined {
  const text = replaySentence(event);
  return text === undefined ? undefined : `${elapsedText(event.t).padEnd(14)}  ${text}`;
}
