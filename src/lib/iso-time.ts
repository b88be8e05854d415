const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));

let lastDay = Number.NaN;
let lastDate = "";

/**
 * What `new Date(epochMs).toISOString()` says, several times as fast where most times are of the same day: every
 * instant of a simulation is written at least twice.
 */
export function isoTime(epochMs: number): string {
  const wholeMs = Math.trunc(epochMs);
  const day = Math.floor(wholeMs / DAY_MS);
  if (day !== lastDay) {
    lastDate = new Date(wholeMs).toISOString().slice(0, -13);
    lastDay = day;
  }
  const ofDayMs = wholeMs - day * DAY_MS;
  const seconds = Math.floor(ofDayMs / 1_000);
  const minutes = Math.floor(seconds / 60);
  const time = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`;
  return `${lastDate}${time}.${String(ofDayMs % 1_000).padStart(3, "0")}Z`;
}

function twoDigits(value: number): string {
  return TWO_DIGITS[value] as string;
}
