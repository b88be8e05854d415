import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

describe("random", () => {
  it("gives the same history for the same seed", () => {
    const draw = (seed: string) =>
      Array.from(
        { length: 100 },
        (
          (random) => () =>
            random.next()
        )(createRandom(seed)),
      );
    expect(draw("7")).toEqual(draw("7"));
    expect(draw("7")).not.toEqual(draw("8"));
  });

  it("keeps streams apart from each other and from what was drawn before", () => {
    const random = createRandom(1);
    const before = random.stream("a").next();
    random.next();
    expect(random.stream("a").next()).toBe(before);
    expect(random.stream("b").next()).not.toBe(before);
  });

  it("is even over its range", () => {
    const random = createRandom("even");
    const counts = new Array(10).fill(0);
    for (let draw = 0; draw < 100_000; draw++) counts[random.below(10)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it("hits a probability as often as it says, and always or never at the edges", () => {
    const random = createRandom("chance");
    let hits = 0;
    for (let draw = 0; draw < 100_000; draw++) if (random.chance(0.2)) hits++;
    expect(Math.abs(hits - 20_000)).toBeLessThan(600);
    for (let draw = 0; draw < 100; draw++) {
      expect(random.chance(0)).toBe(false);
      expect(random.chance(1)).toBe(true);
    }
  });
});
