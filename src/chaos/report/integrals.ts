import { type Counts, noCounts } from "../ledger.ts";

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
    addProducts(this.totals, counts, passedMs);
  }
}

/** One by one: this runs for every event, and a loop over names would look each of them up, every time. */
function addProducts(totals: Counts, counts: Counts, passedMs: number): void {
  totals.nodes += counts.nodes * passedMs;
  totals.up += counts.up * passedMs;
  totals.ready += counts.ready * passedMs;
  totals.scope += counts.scope * passedMs;
  totals.scopeUp += counts.scopeUp * passedMs;
  totals.cpuMilli += counts.cpuMilli * passedMs;
  totals.cpuMilliUp += counts.cpuMilliUp * passedMs;
  totals.desired += counts.desired * passedMs;
  totals.running += counts.running * passedMs;
  totals.alive += counts.alive * passedMs;
  totals.pending += counts.pending * passedMs;
  totals.unschedulable += counts.unschedulable * passedMs;
  totals.overcommittedNodes += counts.overcommittedNodes * passedMs;
  totals.doubleBound += counts.doubleBound * passedMs;
}
