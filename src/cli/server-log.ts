import { appendFileSync } from "node:fs";
import type { StateDirectory } from "../client/state-directory.ts";
import type { Clock } from "../clock/clock.ts";
import { createLog, type Log } from "../cluster/log.ts";

/** Writes to the given stream (in the background that is the log file already), else to the cluster's log file. */
export function openServerLog(
  directory: StateDirectory,
  clock: Clock,
  stream: { write(text: string): unknown } | undefined,
): Log {
  return createLog(clock, stream ?? { write: (text) => append(directory.log, text) });
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch {
    // A full disk must not end the server for want of a line in its log.
  }
}
