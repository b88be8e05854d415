import { describe, expect, it } from "vitest";
import { createRandom } from "../lib/random.ts";
import { expectationOf, tickCount } from "./closed-form.ts";
import { Dice } from "./dice.ts";

const plan = (failureProbability: number, recoveryProbability: number, ticks = 60) => ({
  failureProbability,
  recoveryProbability,
  tickMs: 5_000,
  durationMs: ticks * 5_000,
});

describe("the closed form", () => {
  it.each([
    [0.2, 0.3, 0.5551, 8.326, 7.872],
    [0.05, 0.5, 0.9062, 2.862, 2.766],
  ])(
    "p = %d, r = %d: availability %d, %d failures and %d recoveries a node",
    (p, r, up, failures, recoveries) => {
      const expected = expectationOf(plan(p, r));
      expect(expected.availability.mean).toBeCloseTo(up, 4);
      expect(expected.failures.mean).toBeCloseTo(failures, 3);
      expect(expected.recoveries.mean).toBeCloseTo(recoveries, 3);
    },
  );

  it.each([
    ["always fails, never recovers", 1, 0, 0, 1, 0],
    ["never fails", 0, 1, 1, 0, 0],
    ["never fails nor recovers", 0, 0, 1, 0, 0],
    ["recovers and fails at every tick", 1, 1, 0, 60, 59],
  ])("a node that %s is certain, exactly", (_, p, r, up, failures, recoveries) => {
    expect(expectationOf(plan(p, r))).toEqual({
      availability: { mean: up, variance: 0 },
      failures: { mean: failures, variance: 0 },
      recoveries: { mean: recoveries, variance: 0 },
    });
  });

  it("one tick is one throw: the variance is that of a coin", () => {
    const { availability, failures, recoveries } = expectationOf(plan(0.2, 0.3, 1));
    expect(availability.mean).toBeCloseTo(0.8, 12);
    expect(availability.variance).toBeCloseTo(0.16, 12);
    expect(failures.variance).toBeCloseTo(0.16, 12);
    expect(recoveries).toEqual({ mean: 0, variance: 0 });
  });

  it("agrees with the covariance sum of the two-state chain", () => {
    const [p, r, ticks] = [0.2, 0.3, 60];
    const kept = (1 - p) * (1 - r);
    const up: number[] = [];
    for (let tick = 0, u = 1; tick < ticks; tick++) {
      u = (1 - p) * (u + r * (1 - u));
      up.push(u);
    }
    let variance = 0;
    for (let j = 0; j < ticks; j++) {
      for (let k = 0; k < ticks; k++) {
        const early = up[Math.min(j, k)] as number;
        variance += early * (1 - early) * kept ** Math.abs(j - k);
      }
    }
    expect(expectationOf(plan(p, r)).availability.variance).toBeCloseTo(variance / ticks ** 2, 10);
  });

  it("a last tick that is cut short counts for its length", () => {
    const cut = expectationOf({ ...plan(0.2, 0.3), durationMs: 7_500 });
    const second = 0.8 * (0.8 + 0.3 * 0.2);
    expect(tickCount({ tickMs: 5_000, durationMs: 7_500 })).toBe(2);
    expect(cut.availability.mean).toBeCloseTo((2 * 0.8 + second) / 3, 12);
  });

  it("a node that joins later is expected to do what one does in the ticks that are left", () => {
    const late = expectationOf(plan(0.2, 0.3), 50);
    const short = expectationOf(plan(0.2, 0.3, 10));
    expect(late.failures.mean).toBeCloseTo(short.failures.mean, 12);
    expect(late.availability.mean).toBeCloseTo(short.availability.mean, 12);
  });

  it("the dice do what it expects, mean and variance", () => {
    const random = createRandom("seeds");
    const failures: number[] = [];
    for (let run = 0; run < 4_000; run++) failures.push(failuresOf(String(random.next()), 0.2, 0.3, 60));
    const mean = failures.reduce((sum, count) => sum + count, 0) / failures.length;
    const variance = failures.reduce((sum, count) => sum + (count - mean) ** 2, 0) / failures.length;
    const expected = expectationOf(plan(0.2, 0.3)).failures;
    expect(Math.abs(mean - expected.mean)).toBeLessThan(4 * Math.sqrt(expected.variance / failures.length));
    expect(Math.abs(variance / expected.variance - 1)).toBeLessThan(0.1);
  });
});

function failuresOf(seed: string, p: number, r: number, ticks: number): number {
  const dice = new Dice(seed, [{ name: "node-crash", weight: 1 }]);
  let up = true;
  let failures = 0;
  for (let tick = 0; tick < ticks; tick++) {
    const roll = dice.roll("node-1", tick);
    if (!up) up = roll.recovery < r;
    if (!up || roll.failure >= p) continue;
    up = false;
    failures++;
  }
  return failures;
}
