import type { Counts } from "../ledger.ts";

/** Sums of counts over time, in count times milliseconds, by the name of the count. */
export class Integrals {
  readonly totals: Counts;
  #sinceMs: number;

  constructor(fromMs: number) {
    this.#sinceMs = fromMs;
    this.totals = {
      nodes: 0,
      up: 0,
      ready: 0,
      scope: 0,
      scopeUp: 0,
      cpuMilli: 0,
      cpuMilliUp: 0,
      desired: 0,
      running: 0,
      alive: 0,
      pending: 0,
      unschedulable: 0,
      overcommittedNodes: 0,
      doubleBound: 0,
    };
  }

  /** The counts have been these since the last call. */
  advance(t: number, counts: Counts): void {
    const passedMs = t - this.#sinceMs;
    if (passedMs <= 0) return;
    this.#sinceMs = t;
    for (const name of Object.keys(this.totals) as (keyof Counts)[]) {
      this.totals[name] += counts[name] * passedMs;
    }
  }
}
