import { describe, expect, it } from "vitest";
import type { SimulationResult } from "../result.ts";
import { findMetric } from "./metrics.ts";
import { judge } from "./verdict.ts";

/** Runs of a strategy with seeds 1, 2, ... of which only the waits matter. */
function runs(strategy: string, waits: readonly number[], parts: object = {}): readonly SimulationResult[] {
  const faults = { injected: 0, podAvailability: null };
  return waits.map((meanSeconds, index) => {
    const result = {
      strategy,
      seed: String(index + 1),
      status: "completed",
      pending: 0,
      nodesUsed: 3,
      gpuAllocationPercent: null,
    };
    return { ...result, waits: { meanSeconds }, faults, ...parts } as unknown as SimulationResult;
  });
}

describe("the verdict", () => {
  it("says what is better, by how much and that it is significant", () => {
    const verdict = judge([...runs("slow", [20, 22, 24, 21]), ...runs("quick", [10, 13, 13, 11])]);
    expect(verdict).toMatchObject({ metric: "wait", better: "lower", seeds: 4 });
    expect(verdict?.standings.map(({ strategy }) => strategy)).toEqual(["quick", "slow"]);
    expect(verdict?.comparisons[0]).toMatchObject({ isSignificant: true, wins: 4 });
    expect(verdict?.sentence).toBe(
      "quick is best on mean wait: 11.8s against 21.8s with slow (difference -10s, 95 % interval -11.3s to -8.7s; " +
        "better with 4 of 4 seeds). That is significant (p < 0.001).",
    );
  });

  it("does not take chance for a result", () => {
    const verdict = judge([...runs("one", [20, 10, 30]), ...runs("two", [10, 21, 30])]);
    expect(verdict?.comparisons[0]?.isSignificant).toBe(false);
    expect(verdict?.sentence).toContain("That is not significant (p = ");
  });

  it("says that one seed is too few to tell", () => {
    expect(judge([...runs("one", [20]), ...runs("two", [10])])?.sentence).toBe(
      "two is best on mean wait: 10s against 20s with one. " +
        "One seed only: whether that is more than chance cannot be judged.",
    );
  });

  it("names everybody where three are compared", () => {
    const all = [...runs("a", [10, 11, 12]), ...runs("b", [10, 11, 12]), ...runs("c", [20, 21, 22])];
    const sentence = judge(all)?.sentence;
    expect(sentence).toMatch(/^a and b are best on mean wait: 11s against 21s with c /);
    expect(sentence).toContain("The difference is the same with every seed.");
  });

  it("is about what matters: pods that run under faults, pods without room, waits, nodes", () => {
    const faulty = (podAvailability: number) => ({ faults: { injected: 2, podAvailability } });
    expect(judge([...runs("a", [1], faulty(0.9)), ...runs("b", [2], faulty(0.8))])?.metric).toBe(
      "availability",
    );
    expect(judge([...runs("a", [1], { pending: 4 }), ...runs("b", [2])])?.metric).toBe("pending");
    expect(judge([...runs("a", [1]), ...runs("b", [1], { nodesUsed: 5 })])?.metric).toBe("nodes");
    expect(judge([...runs("a", [1]), ...runs("b", [2])], findMetric("nodes"))?.sentence).toBe(
      "No difference: nodes used is 3 with every strategy.",
    );
  });

  it("is as wide as the table says with two seeds, and sure of nothing", () => {
    // Differences -10 and -14: s = 2.82843, t(1) = 12.7062.
    const [comparison] = judge([...runs("a", [10, 10]), ...runs("b", [20, 24])])?.comparisons ?? [];
    expect(comparison).toMatchObject({ isSignificant: false, wins: 2, difference: { mean: -12 } });
    expect(comparison?.difference.halfWidth).toBeCloseTo(25.4124, 4);
    // t = -6 with one degree of freedom.
    expect(comparison?.pValue).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(6), 10);
  });

  it("calls equals equal, whatever the order in which their waits were added up", () => {
    const verdict = judge([...runs("a", [0.1 + 0.2, 1]), ...runs("b", [0.3, 1])], findMetric("wait"));
    expect(verdict?.sentence).toMatch(/^No difference: mean wait is /);
    expect(verdict?.comparisons[0]).toMatchObject({ wins: 0, isSignificant: false, pValue: 1 });
  });

  it("says so where no difference varies", () => {
    const verdict = judge([...runs("a", [0.2, 0.1, 0.8]), ...runs("b", [0.3, 0.2, 0.9])]);
    expect(verdict?.sentence).toContain("The difference is the same with every seed.");
    expect(verdict?.comparisons[0]).toMatchObject({ wins: 3, pValue: 0 });
  });

  it("is corrected for all pairs: what two strategies alone would show, three do not", () => {
    const [a, b] = [runs("a", [1, 2, 3, 4]), runs("b", [2.1, 2.2, 4.1, 4.7])];
    const alone = judge([...a, ...b])?.comparisons[0]?.pValue as number;
    const noisy = runs("c", [2, 9, 1, 30]);
    const among = judge([...a, ...b, ...noisy])?.comparisons.find(({ strategy }) => strategy === "b");
    expect(among?.pValue).toBeCloseTo(3 * alone, 10);
  });

  it("is about what strategies differ in, not seeds", () => {
    const verdict = judge([...runs("a", [1, 2]), ...runs("b", [1, 2], { nodesUsed: 5 })]);
    expect(verdict).toMatchObject({ metric: "nodes", seeds: 2 });
  });

  it("needs finished runs of two strategies with a seed in common", () => {
    expect(judge(runs("a", [1, 2]))).toBeNull();
    expect(judge([...runs("a", [1]), ...runs("b", [2], { status: "partial" })])).toBeNull();
    expect(judge([...runs("a", [1, 2]), ...runs("b", [3])])?.seeds).toBe(1);
  });
});
