const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a duration: `300` (seconds), `1.5s`, `250ms`, `5m`, `1h30m`, `2d`.
 * @returns milliseconds, or undefined when the text is no duration (negative values and `1e400` are none).
 */
export function parseDuration(text: string): number | undefined {
  return parsePlain(text) ?? parseAny(text);
}

const ZERO = 48;
/** Numbers of more digits may not be whole any more when they are put together digit by digit. */
const PLAIN_DIGITS = 12;

/** A whole number and one unit, which most are: simulations read such texts for every pod. Undefined for others. */
function parsePlain(text: string): number | undefined {
  let amount = 0;
  let at = 0;
  for (; at < text.length && at <= PLAIN_DIGITS; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) break;
    amount = 10 * amount + digit;
  }
  if (at === 0 || at > PLAIN_DIGITS) return undefined;
  const rest = text.length - at;
  if (rest === 1) return multiple(amount, UNIT_MS[text[at] as string]);
  return rest === 2 && text.endsWith("ms") ? amount : undefined;
}

function multiple(amount: number, unitMs: number | undefined): number | undefined {
  return unitMs === undefined ? undefined : amount * unitMs;
}

function parseAny(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return finite(Number(trimmed) * 1_000);
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(amount) * (UNIT_MS[unit as string] as number);
  }
  return finite(totalMs);
}

/** Writes milliseconds the way a person says them: `250ms`, `1.5s`, `5m`, `1h30m`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)}ms`;
  if (durationMs < 60_000) return `${Number((durationMs / 1_000).toFixed(1))}s`;
  const parts: string[] = [];
  let rest = Math.round(durationMs / 1_000);
  for (const [unit, seconds] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join("");
}

/** Writes milliseconds as Go's `time.Duration` does: `0s`, `250ms`, `1.5s`, `1m20s`, `1h0m0s`. */
export function goDuration(durationMs: number): string {
  if (durationMs > 0 && durationMs < 1_000) return `${durationMs}ms`;
  const seconds = Math.floor(durationMs / 1_000);
  const rest = `${Number(((durationMs % 60_000) / 1_000).toFixed(3))}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return rest;
  return minutes < 60 ? `${minutes}m${rest}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}`;
}

/** Age text as kubectl prints it (k8s.io/apimachinery duration.HumanDuration). */
export function formatAge(ageMs: number): string {
  const seconds = Math.floor(ageMs / 1_000);
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return withRest(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return withRest(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (days < 8) return withRest(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? withRest(years, "y", days % 365, "d") : `${years}y`;
}

function withRest(whole: number, wholeUnit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${wholeUnit}` : `${whole}${wholeUnit}${rest}${restUnit}`;
}

function finite(durationMs: number): number | undefined {
  return Number.isFinite(durationMs) && durationMs <= Number.MAX_SAFE_INTEGER ? durationMs : undefined;
}
