import { expect, it } from "vitest";
import { waitHistogram } from "./wait-histogram.ts";

it("counts every wait once, bounds included", () => {
  const waits = [0, 0, 1, 1_000, 1_001, 60_000, 3_600_000, 36_000_000, 36_000_001, 99_000_000];
  expect(waitHistogram(waits).map(({ upToSeconds, pods }) => [upToSeconds, pods])).toEqual([
    [0, 2],
    [1, 2],
    [10, 1],
    [60, 1],
    [600, 0],
    [3_600, 1],
    [36_000, 1],
    [null, 2],
  ]);
});
