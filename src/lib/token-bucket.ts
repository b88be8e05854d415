/** Allows so many at once, and then so many more each second. */
export class TokenBucket {
  readonly #most: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledMs: number;

  /** @param nowMs of a clock that does not go back */
  constructor(most: number, perSecond: number, nowMs: number) {
    this.#most = most;
    this.#perSecond = perSecond;
    this.#tokens = most;
    this.#filledMs = nowMs;
  }

  /** Takes so many, or none when there are not so many. */
  take(count: number, nowMs: number): boolean {
    this.#tokens = Math.min(this.#most, this.#tokens + ((nowMs - this.#filledMs) / 1_000) * this.#perSecond);
    this.#filledMs = nowMs;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
