import type { Counts } from "../ledger.ts";
import type { Invariant } from "./report.ts";

/** What must be 0 whatever happens to the nodes. `totals` are counts times milliseconds over the whole run. */
export function invariantsOf(totals: Counts, lostPods: number): readonly Invariant[] {
  return [
    invariant("no-lost-pods", "every evicted pod is there again", lostPods, "pods"),
    invariant(
      "no-double-binding",
      "no pod is bound twice or there twice",
      totals.doubleBound / 1_000,
      "pod-seconds",
    ),
    invariant(
      "no-overcommit",
      "no node has more bound to it than it can give",
      totals.overcommittedNodes / 1_000,
      "node-seconds",
    ),
  ];
}

function invariant(name: string, summary: string, value: number, unit: string): Invariant {
  return { name, summary, value, unit, holds: value === 0 };
}
