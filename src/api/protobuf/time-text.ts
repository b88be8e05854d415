/** The years 1 to 9999, which RFC 3339 can write and Go's clients read. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
const NANOS_PER_MICROSECOND = 1_000;
const NANOS_PER_SECOND = 1_000_000_000;

/**
 * A time in RFC 3339: a Time has whole seconds, a MicroTime six digits behind them, the rest is cut off. Undefined for
 * what cannot be written.
 */
export function timeText(seconds: number, nanos: number, micro: boolean): string | undefined {
  if (!(seconds >= FIRST_SECOND && seconds <= LAST_SECOND) || nanos < 0 || nanos >= NANOS_PER_SECOND)
    return undefined;
  const upToSeconds = new Date(seconds * 1_000).toISOString().slice(0, 19);
  if (!micro) return `${upToSeconds}Z`;
  return `${upToSeconds}.${String(Math.floor(nanos / NANOS_PER_MICROSECOND)).padStart(6, "0")}Z`;
}
