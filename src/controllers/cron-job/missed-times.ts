import type { CronJob } from "../../api/kinds/cron-job.ts";
import { nextTime, parseCron } from "../../lib/cron.ts";

/** More missed times than this are worth a warning. */
const MANY = 100;
/** The last time is looked for in ever longer windows before now. */
const WINDOWS_MS = [60_000, 3_600_000, 86_400_000, 32 * 86_400_000, 367 * 86_400_000];

/** What is due of a CronJob, in ms since the epoch. */
export interface Due {
  /** The last time that has come and was not acted upon. */
  readonly lastMs: number | undefined;
  /** More than a hundred such times have come. */
  readonly isMany: boolean;
  /** The next time to come. */
  readonly nextMs: number | undefined;
}

/** What is due at `now`. */
export function dueTimes({ spec, status, metadata }: CronJob, now: number): Due {
  const schedule = parseCron(spec.schedule);
  if (typeof schedule === "string") return { lastMs: undefined, isMany: false, nextMs: undefined };
  const after = (ms: number) => nextTime(schedule, ms, spec.timeZone);
  let sinceMs = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp);
  if (spec.startingDeadlineSeconds !== undefined) {
    sinceMs = Math.max(sinceMs, now - spec.startingDeadlineSeconds * 1_000);
  }
  let count = 0;
  let atMs = after(sinceMs);
  while (atMs !== undefined && atMs <= now && count <= MANY) {
    count++;
    atMs = after(atMs);
  }
  const lastMs = count === 0 ? undefined : lastTime(after, sinceMs, now);
  return { lastMs, isMany: count > MANY, nextMs: after(now) };
}

function lastTime(
  after: (ms: number) => number | undefined,
  sinceMs: number,
  now: number,
): number | undefined {
  for (const windowMs of [...WINDOWS_MS, Number.POSITIVE_INFINITY]) {
    let last: number | undefined;
    let atMs = after(Math.max(sinceMs, now - windowMs));
    while (atMs !== undefined && atMs <= now) {
      last = atMs;
      atMs = after(atMs);
    }
    if (last !== undefined) return last;
  }
  return undefined;
}
