import { once } from "node:events";
import { elapsedText } from "../../api/kinds/cluster-clock.ts";
import { isEvent } from "../../recording/line.ts";
import type { RecordingFile } from "../../recording/recording-file.ts";
import type { CommandContext } from "../command.ts";
import { replaySentence } from "./sentence.ts";

/** Prints what happened, a line per event: sentences, or the events themselves with -o json or jsonl. */
export async function printLog({ io, globals, signal }: CommandContext, file: RecordingFile): Promise<void> {
  const asJson = globals.output === "json" || globals.output === "jsonl";
  for (const { line, place } of file.lines()) {
    if (signal.aborted) return;
    if (!isEvent(line)) continue;
    const text = asJson ? place.text : sentence(line);
    // Who reads slowly is waited for, so that a long log is never all in memory.
    if (text !== undefined && !io.stdout.write(`${text}\n`)) await once(io.stdout, "drain");
  }
}

function sentence(event: Parameters<typeof replaySentence>[0]): string | undefined {
  const text = replaySentence(event);
  return text === undefined ? undefined : `${elapsedText(event.t).padEnd(14)}  ${text}`;
}
