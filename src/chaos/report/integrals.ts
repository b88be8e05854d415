import { type Counts, noCounts } from "../ledger.ts";

const NAMES = Object.keys(noCounts()) as readonly (keyof Counts)[];

/** Sums of counts over time, in count times milliseconds, by the name of the count. */
export class Integrals {
  readonly totals: Counts = noCounts();
  #sinceMs: number;

  constructor(fromMs: number) {
    this.#sinceMs = fromMs;
  }

  /** The counts have been these since the last call. */
  advance(t: number, counts: Counts): void {
    const passedMs = t - this.#sinceMs;
    if (passedMs <= 0) return;
    this.#sinceMs = t;
    for (const name of NAMES) this.totals[name] += counts[name] * passedMs;
  }
}
