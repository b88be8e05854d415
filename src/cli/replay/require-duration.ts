import { parseDuration } from "../../lib/duration.ts";
import { UsageError } from "../errors.ts";

/** Reads a time since the start, or how long something takes, in ms. Fails with UsageError. */
export function requireDuration(flag: string, text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs !== undefined) return durationMs;
  throw new UsageError(`${flag} "${text}" is no duration`, "Write it like 90s, 10m or 1h30m");
}
