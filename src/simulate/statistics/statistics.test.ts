import { describe, expect, it } from "vitest";
import { estimate, holm, pairedTest } from "./estimate.ts";
import { criticalT, twoSidedP } from "./student-t.ts";

describe("Student's t", () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [4, 2.77645],
    [9, 2.26216],
    [29, 2.04523],
    [1_000, 1.96234],
  ])("has the critical value of the tables with %i degrees of freedom", (degrees, expected) => {
    expect(criticalT(0.95, degrees)).toBeCloseTo(expected, 4);
  });

  it("agrees with the finite series for whole degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4)", () => {
    for (let degrees = 1; degrees <= 120; degrees++) {
      for (const t of [0.01, 0.5, 1, 1.96, 2.5, 4, 12]) {
        expect(twoSidedP(t, degrees)).toBeCloseTo(1 - bySeries(t, degrees), 11);
      }
      const critical = criticalT(0.95, degrees);
      expect(bySeries(critical, degrees)).toBeCloseTo(0.95, 11);
    }
  });

  it("agrees with the closed forms of one and two degrees of freedom", () => {
    for (const t of [0.1, 1, 3, 50]) {
      expect(twoSidedP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(twoSidedP(-t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
    expect(twoSidedP(0, 5)).toBe(1);
  });
});

describe("estimates", () => {
  it("give mean and half width", () => {
    expect(estimate([2, 4, 4, 4, 5, 5, 7, 9])?.mean).toBe(5);
    // s = 2.13809, t(7) = 2.36462
    expect(estimate([2, 4, 4, 4, 5, 5, 7, 9])?.halfWidth).toBeCloseTo(1.78749, 4);
    expect(estimate([3])).toEqual({ count: 1, mean: 3, halfWidth: null });
    expect(estimate([])).toBeNull();
  });

  it("compare pairs as Student did: sleep gained with two drugs", () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const test = pairedTest(first, second);
    expect(test?.difference.mean).toBeCloseTo(-1.58, 10);
    expect(test?.pValue).toBeCloseTo(0.002833, 6);
    expect((test?.difference.mean ?? 0) + (test?.difference.halfWidth ?? 0)).toBeCloseTo(-0.7001142, 6);
  });

  it("know what needs no test", () => {
    expect(pairedTest([1], [2])?.pValue).toBeNull();
    expect(pairedTest([1, 2], [1, 2])?.pValue).toBe(1);
    expect(pairedTest([1, 2], [2, 3])?.pValue).toBe(0);
    expect(pairedTest([], [])).toBeNull();
  });

  it("do not take rounding for a difference, nor for something that varies", () => {
    expect(pairedTest([0.1 + 0.2, 0.7], [0.3, 0.1 + 0.6])).toEqual({
      difference: { count: 2, mean: 0, halfWidth: 0 },
      pValue: 1,
    });
    const always = pairedTest([0.3, 0.2, 0.9], [0.2, 0.1, 0.8]);
    expect(always?.difference.halfWidth).toBe(0);
    expect(always?.difference.mean).toBeCloseTo(0.1, 12);
    expect(estimate([5, 5, 5])).toEqual({ count: 3, mean: 5, halfWidth: 0 });
  });

  it("of two values are as wide as the table says", () => {
    // s = 1.41421, t(1) = 12.7062
    expect(estimate([1, 3])?.halfWidth).toBeCloseTo(12.7062, 4);
  });

  it("are corrected for many comparisons by Holm", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});

/** The chance that Student's t stays within +-t, by the finite series in the angle. */
function bySeries(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = 0;
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= (cosine * cosine * (power + 1)) / (power + 2);
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
