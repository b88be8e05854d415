import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError } from "../errors.ts";
import type { JsonPatchOperation } from "../objects.ts";
import { jsonPatch } from "./json-patch.ts";

const DOCUMENT = { a: { b: [1, 2, 3], "c/d": { "e~f": "x" } }, n: null, "": 0 };

function patched(...operations: readonly object[]): unknown {
  return jsonPatch(DOCUMENT, operations as readonly JsonPatchOperation[]);
}

describe("jsonPatch", () => {
  it("adds to objects and lists, in the middle and at the end", () => {
    expect(patched({ op: "add", path: "/a/x", value: 1 })).toMatchObject({ a: { x: 1 } });
    expect(patched({ op: "add", path: "/a/b/1", value: 9 })).toMatchObject({ a: { b: [1, 9, 2, 3] } });
    expect(patched({ op: "add", path: "/a/b/-", value: 9 })).toMatchObject({ a: { b: [1, 2, 3, 9] } });
    expect(patched({ op: "add", path: "/a/b/3", value: 9 })).toMatchObject({ a: { b: [1, 2, 3, 9] } });
    expect(patched({ op: "add", path: "/a/b", value: 9 })).toMatchObject({ a: { b: 9 } });
    expect(patched({ op: "add", path: "", value: 9 })).toBe(9);
  });

  it("removes, replaces, moves and copies", () => {
    expect(patched({ op: "remove", path: "/a/b/0" })).toMatchObject({ a: { b: [2, 3] } });
    expect(patched({ op: "remove", path: "/n" })).not.toHaveProperty("n");
    expect(patched({ op: "replace", path: "/a/b/0", value: 9 })).toMatchObject({ a: { b: [9, 2, 3] } });
    expect(patched({ op: "replace", path: "/n", value: 1 })).toMatchObject({ n: 1 });
    expect(patched({ op: "move", from: "/a/b/0", path: "/a/b/2" })).toMatchObject({ a: { b: [2, 3, 1] } });
    expect(patched({ op: "move", from: "/a", path: "/z" })).toEqual({ z: DOCUMENT.a, n: null, "": 0 });
    expect(patched({ op: "copy", from: "/a/b", path: "/n" })).toMatchObject({ n: [1, 2, 3] });
  });

  it("reads escaped and empty keys", () => {
    expect(patched({ op: "replace", path: "/a/c~1d/e~0f", value: "y" })).toMatchObject({
      a: { "c/d": { "e~f": "y" } },
    });
    expect(patched({ op: "replace", path: "/", value: 1 })).toMatchObject({ "": 1 });
  });

  it("goes on after a test that holds, whatever the order of keys", () => {
    const test = { op: "test", path: "/a", value: { "c/d": { "e~f": "x" }, b: [1, 2, 3] } };
    expect(
      patched(test, { op: "test", path: "/n", value: null }, { op: "add", path: "/n", value: 1 }),
    ).toMatchObject({
      n: 1,
    });
  });

  it("refuses what cannot be done, with what is wrong", () => {
    for (const [operation, why] of [
      [{ op: "test", path: "/n", value: 1 }, "the test failed"],
      [{ op: "test", path: "/none", value: null }, 'there is no "none"'],
      [{ op: "remove", path: "/a/none" }, 'there is no "none"'],
      [{ op: "remove", path: "" }, "can not be removed"],
      [{ op: "replace", path: "/none", value: 1 }, 'there is no "none"'],
      [{ op: "add", path: "/a/b/4", value: 1 }, 'there is no "4"'],
      [{ op: "add", path: "/a/b/01", value: 1 }, "no index"],
      [{ op: "add", path: "/a/b/-1", value: 1 }, "no index"],
      [{ op: "replace", path: "/a/b/-", value: 1 }, "no index"],
      [{ op: "add", path: "/n/x", value: 1 }, 'there is no "x"'],
      [{ op: "add", path: "a", value: 1 }, "must start with"],
      [{ op: "add", path: "/a~2", value: 1 }, "no escape"],
      [{ op: "add", path: "/a" }, "a value is missing"],
      [{ op: "add", value: 1 }, "a path is missing"],
      [{ op: "move", from: "/a", path: "/a/b/0" }, "into itself"],
      [{ op: "copy", path: "/x" }, "a path is missing"],
      [{ op: "merge", path: "/x", value: 1 }, "no such operation"],
    ] as const) {
      const error = faultOf(() => patched(operation));
      expect(error.reason, JSON.stringify(operation)).toBe("Invalid");
      expect(error.message).toBe("the server rejected our request due to an error in our request");
      expect(error.details?.causes?.[0]?.message, JSON.stringify(operation)).toContain(why);
    }
    expect(faultOf(() => jsonPatch({}, [null] as never)).reason).toBe("BadRequest");
  });

  it("refuses more than 10,000 operations and copies that would grow without end", () => {
    const many = Array.from({ length: 10_001 }, () => ({ op: "add", path: "/x", value: 1 }));
    expect(faultOf(() => patched(...many)).code).toBe(413);
    expect(patched(...many.slice(1))).toMatchObject({ x: 1 });
    const bomb = Array.from({ length: 64 }, (_, index) => ({ op: "copy", from: "", path: `/x${index}` }));
    expect(faultOf(() => patched(...bomb)).code).toBe(413);
  });

  it("never changes the document, and shares what it does not touch", () => {
    const before = JSON.stringify(DOCUMENT);
    const after = patched(
      { op: "add", path: "/a/x", value: 1 },
      { op: "remove", path: "/n" },
    ) as typeof DOCUMENT;
    expect(JSON.stringify(DOCUMENT)).toBe(before);
    expect(after.a.b).toBe(DOCUMENT.a.b);
  });

  it("undoes an addition by a removal, in any document", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.jsonValue(), (inner, key, value) => {
        fc.pre(key !== "__proto__");
        const document = { inner };
        const path = `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
        fc.pre(key !== "inner");
        const added = jsonPatch(document, [{ op: "add", path, value }]);
        expect(jsonPatch(added, [{ op: "remove", path }])).toEqual(document);
      }),
    );
  });
});

function faultOf(call: () => unknown): ApiError {
  try {
    call();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
