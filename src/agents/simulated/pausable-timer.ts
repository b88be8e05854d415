import type { Clock, Timer } from "../../clock/clock.ts";
import { Phase } from "../../clock/clock.ts";

/** One thing that is due later; paused, its time stands still. */
export class PausableTimer {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #dueMs = 0;
  #remainingMs = 0;
  #action: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the action after the delay; whatever was set before is forgotten. */
  set(delayMs: number, action: () => void): void {
    this.#timer?.cancel();
    this.#action = action;
    this.#arm(delayMs);
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#action = undefined;
  }

  pause(): void {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#remainingMs = Math.max(0, this.#dueMs - this.#clock.monotonicMs());
  }

  resume(): void {
    if (this.#action !== undefined && this.#timer === undefined) this.#arm(this.#remainingMs);
  }

  #arm(delayMs: number): void {
    this.#dueMs = this.#clock.monotonicMs() + delayMs;
    this.#timer = this.#clock.after(
      delayMs,
      () => {
        const action = this.#action;
        this.#timer = undefined;
        this.#action = undefined;
        action?.();
      },
      Phase.completion,
    );
  }
}
