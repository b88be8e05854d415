import { describe, expect, it } from "vitest";
import { podOf } from "../sources/pod-of.ts";
import { filesArrivals, type Sample } from "./sample.ts";

const rows = ["1", "2", "3", "4"].map((cpu) => ({
  id: `p${cpu}`,
  atMs: 0,
  isOwn: true,
  draft: podOf(`p${cpu}`, { cpu }, undefined),
}));
const drawn = (sample: Pick<Sample, "isShuffled" | "target"> | Pick<Sample, "target">, seed = "1") => {
  const samples: Sample[] = [{ name: "file 0", rows, isShuffled: false, ...sample }];
  return filesArrivals({ arrivals: [], samples }, seed).map(({ id }) => id);
};
const cpuOf = (ids: readonly string[]) => ids.reduce((sum, id) => sum + Number(id[1]), 0);

describe("a workload that is drawn", () => {
  it("comes in another order with each seed, and in the same with the same", () => {
    const orders = ["1", "2", "3", "4", "5"].map((seed) => drawn({ isShuffled: true }, seed).join());
    expect(new Set(orders).size).toBeGreaterThan(2);
    expect(drawn({ isShuffled: true }, "3").join()).toBe(orders[2]);
    expect(drawn({ isShuffled: true }, "3").toSorted()).toEqual(["p1", "p2", "p3", "p4"]);
  });

  it("comes again behind itself until the next pod would be too much", () => {
    const ids = drawn({ target: { resource: "cpu", amount: 40_000 } });
    expect(ids.slice(0, 4)).toEqual(["p1", "p2", "p3", "p4"]);
    expect(ids[4]).toMatch(/^p\d-again-1$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(cpuOf(ids)).toBeLessThanOrEqual(40);
    expect(cpuOf(ids)).toBeGreaterThan(36);
  });

  it("is cut by chance when it asks for too much", () => {
    const ids = drawn({ target: { resource: "cpu", amount: 5_000 } });
    expect(cpuOf(ids)).toBeLessThanOrEqual(5);
    expect(ids.length).toBeGreaterThan(0);
  });
});
