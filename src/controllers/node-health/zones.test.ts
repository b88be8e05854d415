import { describe, expect, it } from "vitest";
import { EvictionQueue } from "./eviction-queue.ts";
import { evictionRate, zoneState } from "./zones.ts";

describe("zone states", () => {
  it.each([
    [10, 0, "normal"],
    [8, 2, "normal"],
    [1, 2, "normal"],
    [5, 5, "normal"],
    [9, 11, "partial"],
    [2, 3, "partial"],
    [0, 1, "full"],
    [0, 10, "full"],
  ] as const)("%i ready and %i not: %s", (ready, notReady, state) => {
    expect(zoneState({ ready, notReady })).toBe(state);
  });

  it("a partly lost zone slows down when it is large and stops when it is not", () => {
    expect(evictionRate("normal", 1_000)).toBe(0.1);
    expect(evictionRate("partial", 51)).toBe(0.01);
    expect(evictionRate("partial", 50)).toBe(0);
    expect(evictionRate("full", 10)).toBe(0.1);
  });
});

describe("the eviction queue of a zone", () => {
  it("lets the first go at once and the next at its rate", () => {
    const queue = new EvictionQueue(0.1, 0);
    for (const name of ["a", "b", "c", "b"]) queue.add(name);
    expect(queue.take(50)).toBe("a");
    expect(queue.take(10_049)).toBeUndefined();
    expect(queue.nextAtMs).toBe(10_050);
    expect(queue.take(10_050)).toBe("b");
    expect(queue.take(20_050)).toBe("c");
    expect(queue.nextAtMs).toBeUndefined();
  });

  it("stops at rate zero and waits a whole turn when it goes on", () => {
    const queue = new EvictionQueue(0.1, 0);
    queue.add("a");
    queue.setRate(0, 5);
    expect(queue.nextAtMs).toBeUndefined();
    expect(queue.take(1_000_000)).toBeUndefined();
    queue.setRate(0.01, 1_000_000);
    expect(queue.nextAtMs).toBe(1_100_000);
  });

  it("forgets who returned", () => {
    const queue = new EvictionQueue(0.1, 0);
    queue.add("a");
    queue.remove("a");
    expect(queue.take(0)).toBeUndefined();
  });
});
