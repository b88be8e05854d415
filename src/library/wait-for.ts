import type { Clock } from "../clock/clock.ts";
import { HeldClock } from "../clock/held.ts";
import { durationMs } from "./duration-option.ts";

interface Limits {
  readonly timeout?: number | string;
  readonly step?: number | string;
}

/** Steps between two looks: time that passes by itself is looked at often, time that is moved goes by the second. */
const REAL_STEP_MS = 20;
const VIRTUAL_STEP_MS = 1_000;

/** Asks until the condition holds or so much of the clock's time has passed; a held clock is moved meanwhile. */
export async function waitFor<T>(
  clock: Clock,
  condition: () => T | Promise<T>,
  { timeout = "30s", step }: Limits = {},
): Promise<Exclude<T, false | undefined | null>> {
  const isHeld = clock instanceof HeldClock;
  const stepMs = step === undefined ? (isHeld ? VIRTUAL_STEP_MS : REAL_STEP_MS) : durationMs(step);
  const endMs = clock.monotonicMs() + durationMs(timeout);
  for (;;) {
    if (isHeld) await clock.turn();
    const value = await condition();
    if (value !== false && value !== undefined && value !== null) {
      return value as Exclude<T, false | undefined | null>;
    }
    const leftMs = endMs - clock.monotonicMs();
    if (leftMs <= 0) throw new Error(`waitFor: the condition did not hold within ${timeout}`);
    const pauseMs = Math.min(Math.max(stepMs, 1), leftMs);
    await (isHeld ? clock.leap({ durationMs: pauseMs }) : clock.sleep(pauseMs));
  }
}
