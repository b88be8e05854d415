import { expect, it } from "vitest";
import { mergeDiff } from "./merge-diff.ts";
import { mergePatch } from "./merge-patch.ts";

it.each([
  [{ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 4 } }, { b: { c: 4, d: null } }],
  [{ a: [1, 2] }, { a: [1, 2] }, undefined],
  [{ a: [1, 2] }, { a: [2] }, { a: [2] }],
  [{}, { a: { b: 1 } }, { a: { b: 1 } }],
  [{ a: 1 }, {}, { a: null }],
  [{ a: { b: 1 } }, { a: "text" }, { a: "text" }],
])("from %j to %j", (before, after, patch) => {
  expect(mergeDiff(before, after)).toEqual(patch);
  expect(mergePatch(before, patch ?? {})).toEqual(after);
});
