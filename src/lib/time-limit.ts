/**
 * Does work that may never end, such as a call of somebody else's code. After so many real milliseconds it is cut off,
 * wherever it is, and fails with TimeLimitError.
 * @param what it is, in words
 */
export type WithinTime = <T>(limitMs: number, what: string, work: () => T) => T;

/** Work that is not ours had not come to an end within its time. */
export class TimeLimitError extends Error {
  /** @param what had no end, in words */
  constructor(what: string, limitMs: number) {
    super(`${what} had not come to an end after ${limitMs / 1_000} s`);
    this.name = "TimeLimitError";
  }
}
