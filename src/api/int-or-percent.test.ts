import fc from "fast-check";
import { expect, it } from "vitest";
import { contentHash } from "./content-hash.ts";
import type { FieldError } from "./errors.ts";
import { checkAtMostAll, checkIntOrPercent, isZero, scaledValue } from "./int-or-percent.ts";

it("scales a percentage up or down to whole ones, and takes numbers as they are", () => {
  expect(scaledValue("25%", 10, "up")).toBe(3);
  expect(scaledValue("25%", 10, "down")).toBe(2);
  expect(scaledValue("100%", 7, "down")).toBe(7);
  expect(scaledValue(4, 10, "up")).toBe(4);
  expect([isZero(0), isZero("0%"), isZero(1), isZero("1%"), isZero(undefined)]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

it("refuses what is neither", () => {
  const errors: FieldError[] = [];
  for (const value of [1, "10%", undefined, -1, "10", "x%", "101%"]) {
    checkIntOrPercent("f", value, errors);
    checkAtMostAll("f", value, errors);
  }
  expect(errors.map(({ message }) => message.slice(0, 40))).toEqual([
    "Invalid value: -1: must be greater than ",
    'Invalid value: "10": a valid percent str',
    'Invalid value: "x%": a valid percent str',
    'Invalid value: "101%": must not be great',
  ]);
});

it("hashes the same data to the same name, in whatever order its keys are", () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(json, (value) => {
      const hash = contentHash(value);
      expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
      expect(contentHash(JSON.parse(JSON.stringify(value)))).toBe(hash);
      expect(contentHash(value, 1)).not.toBe(hash);
    }),
    { seed: 1 },
  );
  expect(contentHash({ a: 1, b: [2] })).toBe(contentHash({ b: [2], a: 1, c: undefined }));
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: 2 }));
});
