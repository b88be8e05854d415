import fc from "fast-check";
import { expect, it } from "vitest";
import { formatIndexes, missingIndexes, parseIndexes } from "./indexes.ts";

it("writes rows of three and more as ranges", () => {
  expect(formatIndexes([])).toBe("");
  expect(formatIndexes([5, 1, 2, 3, 7, 8])).toBe("1-3,5,7,8");
});

it("reads what it has written, below the limit", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), fc.nat(50), (indexes, limit) => {
      const expected = indexes.filter((index) => index < limit).sort((a, b) => a - b);
      expect([...parseIndexes(formatIndexes(indexes), limit)]).toEqual(expected);
    }),
    { seed: 1 },
  );
});

it("finds the lowest that are missing", () => {
  expect(missingIndexes(6, new Set([0, 2]), 2)).toEqual([1, 3]);
  expect(missingIndexes(3, new Set([0, 1, 2]), 2)).toEqual([]);
});
