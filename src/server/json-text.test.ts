import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateKeys, parseJson } from "./json-text.ts";

const BAD = expect.objectContaining({ reason: "BadRequest" });

describe("parseJson", () => {
  it("reads whatever JSON.stringify writes, like JSON.parse", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        if (!text.includes("__proto__")) expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("refuses what is no JSON", () => {
    for (const text of ["", "{", "{'a':1}", "\ufeff{}", "[1,]", "NaN", "{}{}"]) {
      expect(() => parseJson(text), text).toThrow(BAD);
    }
  });

  it("refuses a __proto__ key, however it is spelt, and leaves the text alone elsewhere", () => {
    expect(() => parseJson('{"a":{"__proto__":{"x":1}}}')).toThrow(BAD);
    expect(() => parseJson('{"\\u005f_proto__":1}')).toThrow(BAD);
    expect(() => parseJson('{"__prot\\u006f__":1}')).toThrow(BAD);
    expect(() => parseJson('{"_\\u005Fproto__":1}')).toThrow(BAD);
    expect(() => parseJson('{"\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":1}')).toThrow(
      BAD,
    );
    expect(parseJson('{"a":"__proto__"}')).toEqual({ a: "__proto__" });
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it("refuses nesting without end", () => {
    const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(() => parseJson(deep(10_000))).toThrow("nests deeper than 500 levels");
    expect(() => parseJson(`{"a":${deep(501)}}`)).toThrow(BAD);
    expect(parseJson(deep(400))).toBeInstanceOf(Array);
    expect(parseJson(JSON.stringify({ text: deep(10_000) }))).toEqual({ text: deep(10_000) });
  });

  it("refuses numbers that no double holds, and no others", () => {
    const padding = `"${"x".repeat(2_000)}"`;
    for (const wild of ["1e400", "-1E+400", "9".repeat(400)]) {
      expect(() => parseJson(`{"a":[${wild}]}`), wild).toThrow("out of range");
      expect(() => parseJson(`{"p":${padding},"a":[${wild}]}`), wild).toThrow("out of range");
    }
    expect(parseJson('{"a":1e10,"b":-0.5e-3}')).toEqual({ a: 1e10, b: -0.0005 });
    expect(parseJson(`{"p":${padding},"a":1e10}`)).toHaveProperty("a", 1e10);
  });
});

describe("duplicateKeys", () => {
  it("names keys that stand twice by their paths", () => {
    const text = '{"a":1,"b":{"c":1,"c":2},"list":[{"x":1},{"y":{"z":1,"z":[]}}],"a":"{"}';
    expect(duplicateKeys(text)).toEqual(["b.c", "list[1].y.z", "a"]);
  });

  it("is not misled by strings, escapes and equal keys of different objects", () => {
    expect(duplicateKeys('{"a":"\\"b\\":1,","b":[{"n":1},{"n":2}],"c\\\\":{"c\\\\" : 1}}')).toEqual([]);
    expect(duplicateKeys('{"a":1,"\\u0061":2}')).toEqual(["a"]);
  });

  it("finds none in what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(duplicateKeys(JSON.stringify(value))).toEqual([]);
      }),
    );
  });
});
