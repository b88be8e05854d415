import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { illegalBase64At, isPlainBase64, unfoldBase64 } from "./base64.ts";

describe("isPlainBase64", () => {
  it("takes what an encoder writes", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => isPlainBase64(Buffer.from(bytes).toString("base64"))));
  });

  it.each(["A", "AB", "ABC", "A===", "AB=C", "====", "AB-_", "AB==\n", "é==="])("refuses %j", (text) => {
    expect(isPlainBase64(text)).toBe(false);
  });

  it("answers at once for long texts", () => {
    expect(isPlainBase64(`${"QUJD".repeat(500_000)}A===`)).toBe(false);
  });
});

describe("illegalBase64At", () => {
  it.each([
    ["a", 0],
    ["QUJDa", 4],
    ["QUJ", 0],
    ["not base64", 3],
    ["QUJD====", 4],
    ["QU=x", 2],
    ["QU=", 3],
    ["QU==x", 4],
    ["QUJ=x", 4],
    ["QU\nJ", 1],
    ["QUJ=\nx", 5],
    ["A\nB", 1],
    ["QU\n=x", 3],
    ["QU\n=\nx", 4],
    ["Q\nUJDQ", 5],
  ])("of %j is %i", (text, index) => {
    expect(illegalBase64At(text)).toBe(index);
  });
});

describe("unfoldBase64", () => {
  it("takes line breaks out", () => {
    expect(unfoldBase64("QU\r\nJD\n")).toBe("QUJD");
  });
});
