import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextTime, parseCron, type Schedule } from "./cron.ts";
import { isTimeZone, zonedTimestamp } from "./time-zone.ts";

const at = (text: string) => Date.parse(text);

function next(cron: string, after: string, zone?: string): string | undefined {
  const schedule = parseCron(cron);
  if (typeof schedule === "string") return schedule;
  const time = nextTime(schedule, at(after), zone);
  return time === undefined ? undefined : zonedTimestamp(time, zone ?? "UTC");
}

describe("a cron schedule", () => {
  it.each([
    ["* * * * *", "2025-01-01T00:00:00Z", "2025-01-01T00:01:00Z"],
    ["*/15 * * * *", "2025-01-01T00:46:10Z", "2025-01-01T01:00:00Z"],
    ["30 9-17 * * mon-fri", "2025-01-03T18:00:00Z", "2025-01-06T09:30:00Z"],
    ["0 0 29 feb *", "2025-01-01T00:00:00Z", "2028-02-29T00:00:00Z"],
    ["0 12 13 * fri", "2025-01-01T13:00:00Z", "2025-01-03T12:00:00Z"],
    ["5/20 3 * * *", "2025-01-01T03:25:00Z", "2025-01-01T03:45:00Z"],
    ["@weekly", "2025-01-01T00:00:00Z", "2025-01-05T00:00:00Z"],
    ["@every 1h30m", "2025-01-01T00:00:00Z", "2025-01-01T01:30:00Z"],
    ["0 0 31 2 *", "2025-01-01T00:00:00Z", undefined],
  ])("%s comes after %s at %s", (cron, after, expected) => {
    expect(next(cron, after)).toBe(expected);
  });

  it("leaves out what a change of clocks skips, and comes twice where it repeats", () => {
    const zone = "America/New_York";
    expect(next("30 2 * * *", "2025-03-08T12:00:00Z", zone)).toBe("2025-03-10T02:30:00-04:00");
    expect(next("30 1 * * *", "2025-11-01T12:00:00Z", zone)).toBe("2025-11-02T01:30:00-04:00");
    expect(next("30 1 * * *", "2025-11-02T05:30:00Z", zone)).toBe("2025-11-02T01:30:00-05:00");
    expect(next("0 8 * * *", "2025-07-01T07:00:00Z", "Europe/Berlin")).toBe("2025-07-02T08:00:00+02:00");
    expect([isTimeZone("Asia/Tokyo"), isTimeZone("Mars/Olympus")]).toEqual([true, false]);
  });

  it.each([
    "* * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * * 13 *",
    "* * * * 7",
    "5-1 * * * *",
    "*/0 * * * *",
    "a * * * *",
    "@never",
    "@every 5x",
    "",
    "1,,2 * * * *",
  ])("is refused as %j", (text) => {
    expect(typeof parseCron(text)).toBe("string");
  });

  it("is what a look at every minute says", () => {
    const field = (least: number, most: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
      );
    const crons = fc.tuple(field(0, 59), field(0, 23), fc.constant("*"), fc.constant("*"), field(0, 6));
    const zones = fc.constantFrom("UTC", "America/New_York", "Asia/Kolkata", "America/Havana");
    const starts = fc.constantFrom("2025-03-08T20:13:00Z", "2025-11-01T20:00:30Z", "2025-06-01T00:00:00Z");
    fc.assert(
      fc.property(crons, zones, starts, (fields, zone, start) => {
        const schedule = parseCron(fields.join(" ")) as Schedule;
        const scanned = scan(schedule, at(start), zone, 2_000);
        const found = nextTime(schedule, at(start), zone);
        if (scanned !== undefined) expect(found).toBe(scanned);
        else expect(found).toBeGreaterThan(at(start) + 1_900 * 60_000);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

function scan(schedule: Schedule, afterMs: number, zone: string, minutes: number): number | undefined {
  let atMs = Math.floor(afterMs / 60_000) * 60_000;
  for (let count = 0; count < minutes; count++) {
    atMs += 60_000;
    const local = new Date(`${zonedTimestamp(atMs, zone).slice(0, 19)}Z`);
    if (
      schedule.minutes.includes(local.getUTCMinutes()) &&
      schedule.hours.includes(local.getUTCHours()) &&
      schedule.weekdays.has(local.getUTCDay())
    ) {
      return atMs;
    }
  }
  return undefined;
}
