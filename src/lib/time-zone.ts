const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether there is a time zone of that name, e.g. `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** How far clocks in a zone are ahead of UTC at an instant, in ms. Throws RangeError for an unknown zone. */
export function zoneOffsetMs(epochMs: number, zone: string): number {
  if (zone === "UTC") return 0;
  const wholeSecondMs = Math.floor(epochMs / 1_000) * 1_000;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(wholeSecondMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecondMs;
}

/** RFC 3339 with whole seconds, as clocks in the zone show it: `2025-01-01T01:00:00+01:00`, or `Z` for UTC. */
export function zonedTimestamp(epochMs: number, zone: string): string {
  const offsetMs = zoneOffsetMs(epochMs, zone);
  const local = new Date(epochMs + offsetMs).toISOString().slice(0, 19);
  if (offsetMs === 0) return `${local}Z`;
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (count: number) => String(Math.floor(count)).padStart(2, "0");
  return `${local}${offsetMs < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const fields = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
    const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, ...fields, ...clock });
    formats.set(zone, format);
  }
  return format;
}
