import type { Clock, Timer } from "./clock.ts";
import { sleepOn } from "./sleep.ts";

/** `setTimeout` counts in 32 bits; longer waits are done in pieces. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The machine's clock. Phases have no meaning here: real instants do not repeat. */
export class RealClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  after(delayMs: number, callback: () => void): Timer {
    if (delayMs <= 0) {
      const immediate = setImmediate(callback);
      return { cancel: () => clearImmediate(immediate) };
    }
    let timeout: NodeJS.Timeout;
    const dueMs = this.monotonicMs() + delayMs;
    const arm = () => {
      const remainingMs = dueMs - this.monotonicMs();
      timeout =
        remainingMs > LONGEST_TIMEOUT_MS
          ? setTimeout(arm, LONGEST_TIMEOUT_MS)
          : setTimeout(callback, remainingMs);
    };
    arm();
    return { cancel: () => clearTimeout(timeout) };
  }

  every(periodMs: number, callback: () => void): Timer {
    const interval = setInterval(callback, Math.min(periodMs, LONGEST_TIMEOUT_MS));
    return { cancel: () => clearInterval(interval) };
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, durationMs, signal);
  }
}
