import { parseDuration } from "../lib/duration.ts";

/** A duration in ms, from a number (of ms) or a text such as `5m`, `1h30m`, `250ms`. Fails with TypeError. */
export function durationMs(duration: number | string): number {
  const ms = typeof duration === "number" ? duration : parseDuration(duration);
  if (ms === undefined || !Number.isFinite(ms) || ms < 0) {
    throw new TypeError(
      `${JSON.stringify(duration)} is no duration: give milliseconds, or a text such as "5m"`,
    );
  }
  return ms;
}
