import { zoneOffsetMs } from "./time-zone.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A schedule that does not come in so long (29 February on a Monday takes 28 years) never comes. */
const HORIZON_DAYS = 366 * 30;

/** When something is due: a cron expression of five fields, read. */
export interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Both day fields are restricted: either may match. Otherwise both must. */
  readonly eitherDay: boolean;
  /** `@every`: a plain period instead of all that. */
  readonly periodMs?: number;
}

const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * Reads `0,30 9-17 * * mon-fri`, `@daily`, `@every 1h30m`: five fields with lists, ranges, steps and names.
 * @returns the schedule, or a text that says what is wrong
 */
export function parseCron(text: string): Schedule | string {
  const trimmed = text.trim();
  if (trimmed.startsWith("@every ")) return everySchedule(trimmed.slice(7));
  const expression = trimmed.startsWith("@") ? MACROS[trimmed.toLowerCase()] : trimmed;
  if (expression === undefined) return `unrecognized descriptor: ${trimmed}`;
  const fields = expression.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== 5) {
    return `expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`;
  }
  const read = [
    parseField(fields[0] as string, 0, 59),
    parseField(fields[1] as string, 0, 23),
    parseField(fields[2] as string, 1, 31),
    parseField(fields[3] as string, 1, 12, MONTHS, 1),
    parseField(fields[4] as string, 0, 6, WEEKDAYS, 0),
  ];
  const fault = read.find((field) => typeof field === "string");
  if (typeof fault === "string") return fault;
  const [minutes, hours, days, months, weekdays] = read as number[][] as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  return {
    minutes,
    hours,
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(weekdays),
    eitherDay: !isStar(fields[2] as string) && !isStar(fields[4] as string),
  };
}

/**
 * The first instant after `afterMs` at which clocks in the zone show a time of the schedule, in ms since the epoch;
 * undefined when there is none. Times that a change of clocks skips do not come; those that it repeats come twice.
 */
export function nextTime(schedule: Schedule, afterMs: number, zone = "UTC"): number | undefined {
  if (schedule.periodMs !== undefined) {
    return Math.floor(afterMs / 1_000) * 1_000 + schedule.periodMs;
  }
  const today = Math.floor((afterMs + zoneOffsetMs(afterMs, zone)) / DAY_MS);
  // From yesterday on: clocks that are set back over midnight show it again.
  for (let day = today - 1; day < today + HORIZON_DAYS; day++) {
    const found = firstOn(schedule, day, afterMs, zone);
    if (found === undefined) continue;
    const onNext = firstOn(schedule, day + 1, afterMs, zone);
    return onNext === undefined ? found : Math.min(found, onNext);
  }
  return undefined;
}

/** `day` counts local days from 1970. */
function firstOn(schedule: Schedule, day: number, afterMs: number, zone: string): number | undefined {
  if (!isOnDay(schedule, day)) return undefined;
  const startMs = day * DAY_MS;
  const before = zoneOffsetMs(startMs - DAY_MS, zone);
  const after = zoneOffsetMs(startMs + 2 * DAY_MS, zone);
  const offsets = before === after ? [before] : [before, after];
  let first: number | undefined;
  for (const hour of schedule.hours) {
    for (const minute of schedule.minutes) {
      const localMs = startMs + (hour * 60 + minute) * MINUTE_MS;
      for (const offset of offsets) {
        const atMs = localMs - offset;
        if (atMs <= afterMs || (first !== undefined && atMs >= first)) continue;
        // Around a change of clocks only one of the two is what they show, or both, or none.
        if (offsets.length === 1 || zoneOffsetMs(atMs, zone) === offset) first = atMs;
      }
      if (first !== undefined && offsets.length === 1) return first;
    }
  }
  return first;
}

function isOnDay({ days, months, weekdays, eitherDay }: Schedule, day: number): boolean {
  const date = new Date(day * DAY_MS);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isDay = days.has(date.getUTCDate());
  const isWeekday = weekdays.has(date.getUTCDay());
  return eitherDay ? isDay || isWeekday : isDay && isWeekday;
}

function isStar(field: string): boolean {
  return field.split(",").some((part) => /^[*?](\/1)?$/.test(part) || /^[*?]\//.test(part));
}

function parseField(
  text: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  firstName = 0,
): number[] | string {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:[*?]|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return `failed to parse ${part}`;
    const [, first, last, step] = match;
    const from = first === undefined ? least : numberOf(first, names, firstName);
    const open = first === undefined || (last === undefined && step !== undefined);
    const to = open ? most : numberOf(last ?? (first as string), names, firstName);
    if (from === undefined || to === undefined) return `failed to parse int from ${part}`;
    if (from < least) return `beginning of range (${from}) below minimum (${least}): ${part}`;
    if (to > most) return `end of range (${to}) above maximum (${most}): ${part}`;
    if (from > to) return `beginning of range (${from}) beyond end of range (${to}): ${part}`;
    const by = step === undefined ? 1 : Number(step);
    if (by === 0) return `step of range should be a positive number: ${part}`;
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function numberOf(text: string, names: readonly string[], firstName: number): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return index + firstName;
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

function everySchedule(text: string): Schedule | string {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
  const [hours, minutes, seconds] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
  const periodMs = ((hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1_000;
  if (match === null || periodMs === 0) return `failed to parse duration @every ${text}`;
  const none = new Set<number>();
  return { minutes: [], hours: [], days: none, months: none, weekdays: none, eitherDay: false, periodMs };
}
