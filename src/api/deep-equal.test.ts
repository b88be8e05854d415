import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deepEqual } from "./deep-equal.ts";

describe("deepEqual", () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
    [{ a: undefined }, {}, true],
    [{}, { a: undefined }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [[1, 2], [1], false],
    [[], {}, false],
    [null, {}, false],
    [{ constructor: 1 }, {}, false],
    [{}, { toString: 1 }, false],
    ["1", 1, false],
  ])("of %j and %j is %s", (left, right, equal) => {
    expect(deepEqual(left, right)).toBe(equal);
  });

  it("agrees with JSON for any data", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const copy: unknown = JSON.parse(JSON.stringify(left));
        expect(deepEqual(JSON.parse(JSON.stringify(left)), copy)).toBe(true);
        if (deepEqual(left, right)) expect(JSON.stringify(left).length).toBe(JSON.stringify(right).length);
      }),
    );
  });
});
