import type { Clock, Timer } from "../clock/clock.ts";

/** One timer for many things that are due: rings at the earliest instant that was asked for. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: (atMs: number) => void;
  #timer: Timer | undefined;
  #atMs = Number.POSITIVE_INFINITY;

  /** `ring` is told the instant it was set for: timers of a real clock come a little early or late. */
  constructor(clock: Clock, ring: (atMs: number) => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Makes it ring at this instant (monotonic ms) or, when it is set for an earlier one, then. */
  set(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.#timer?.cancel();
    this.#atMs = atMs;
    this.#timer = this.#clock.after(Math.max(0, atMs - this.#clock.monotonicMs()), () => {
      this.#atMs = Number.POSITIVE_INFINITY;
      this.#timer = undefined;
      this.#ring(atMs);
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#atMs = Number.POSITIVE_INFINITY;
  }
}
