import { describe, expect, it } from "vitest";
import { EXPECTATIONS_TIMEOUT_MS, Expectations } from "./expectations.ts";
import { slowStart } from "./slow-start.ts";

describe("slow start", () => {
  it("doubles its batches, and does just as many as it was asked for", async () => {
    let running = 0;
    const widths: number[] = [];
    const { succeeded, error } = await slowStart(12, async (index) => {
      if (running === 0) widths.push(0);
      running++;
      widths[widths.length - 1] = Math.max(widths.at(-1) as number, running);
      await Promise.resolve(index);
      running--;
    });
    expect([succeeded, error]).toEqual([12, undefined]);
    expect(widths).toEqual([1, 2, 4, 5]);
    expect(await slowStart(0, () => Promise.reject(new Error("never")))).toEqual({
      succeeded: 0,
      error: undefined,
    });
  });

  it("ends with the batch in which something failed", async () => {
    const tried: number[] = [];
    const result = await slowStart(100, (index) => {
      tried.push(index);
      return index === 4 ? Promise.reject(new Error("full")) : Promise.resolve();
    });
    expect(tried).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(result).toEqual({ succeeded: 6, error: new Error("full") });
  });
});

describe("expectations", () => {
  it("are met once every creation and deletion has been seen", () => {
    const expectations = new Expectations();
    expect(expectations.isMet("owner", 0)).toBe(true);
    expectations.expectCreations("owner", 2, 0);
    expectations.expectDeletions("owner", ["a"], 0);
    expectations.created("owner");
    expectations.deleted("owner", "b");
    expectations.deleted("owner", "a");
    expect(expectations.isMet("owner", 1)).toBe(false);
    expectations.created("owner");
    expect(expectations.isMet("owner", 1)).toBe(true);
    expectations.created("owner");
    expectations.expectCreations("owner", 1, 2);
    expect(expectations.isMet("owner", 3)).toBe(false);
  });

  it("of nothing are met at once", () => {
    const expectations = new Expectations();
    expectations.expectCreations("owner", 0, 0);
    expectations.expectDeletions("owner", [], 0);
    expect(expectations.isMet("owner", 0)).toBe(true);
  });

  it("are given up after a while, and forgotten with their owner", () => {
    const expectations = new Expectations();
    expectations.expectCreations("owner", 1, 0);
    expect(expectations.isMet("owner", EXPECTATIONS_TIMEOUT_MS)).toBe(false);
    expect(expectations.isMet("owner", EXPECTATIONS_TIMEOUT_MS + 1)).toBe(true);
    expectations.expectCreations("other", 1, 0);
    expectations.forget("other");
    expect(expectations.isMet("other", 1)).toBe(true);
  });
});
