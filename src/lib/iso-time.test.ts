import fc from "fast-check";
import { expect, test } from "vitest";
import { isoTime } from "./iso-time.ts";

test("says what Date says, whatever was asked before", () => {
  const time = fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true });
  const near = fc.double({ min: 1.7e12, max: 1.7e12 + 3 * 86_400_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.oneof(time, near), { minLength: 1 }), (times) => {
      for (const each of times) expect(isoTime(each)).toBe(new Date(each).toISOString());
    }),
  );
});

test("refuses what is no time, as Date does", () => {
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
});
