import { expect, it } from "vitest";
import { TimeLimitError } from "../lib/time-limit.ts";
import { withinTime } from "./within-time.ts";

it("answers what the work answers, and fails as it fails", () => {
  expect(withinTime(60_000, "it", () => 1 + withinTime(60_000, "it", () => 1))).toBe(2);
  expect(() =>
    withinTime(60_000, "it", () => {
      throw new RangeError("no");
    }),
  ).toThrow(new RangeError("no"));
});

it("cuts off what has no end, whatever it catches, and goes on", () => {
  const endless = () => {
    while (true) {
      try {
        JSON.parse("{");
      } catch {}
    }
  };
  expect(() => withinTime(50, "the search", endless)).toThrow(new TimeLimitError("the search", 50));
  expect(withinTime(60_000, "it", () => 3)).toBe(3);
});
