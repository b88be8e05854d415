import { describe, expect, it } from "vitest";
import { readCsv } from "./csv.ts";

describe("readCsv", () => {
  it("reads quotes, doubled quotes, commas in quotes, CRLF, a byte order mark, blank lines", () => {
    const table = readCsv("a.csv", '\uFEFFname,note\r\nx,"a, ""b"""\r\n\r\ny,\r\n');
    expect(table.header).toEqual(["name", "note"]);
    expect(table.rows).toEqual([
      { line: 2, cells: ["x", 'a, "b"'] },
      { line: 4, cells: ["y", ""] },
    ]);
  });

  it.each([
    ["a,b\n1\n", "a.csv:2:3: has 1 cell, the header 2"],
    ["a,b\n1,2,3\n", "a.csv:2:5: has 3 cells, the header 2"],
    ['a,b\n1,"2\n', "a.csv:2:3: has a quote that is never closed"],
    ['a,b\n"1"x,2\n', "a.csv:2:4: has letters behind a closing quote"],
  ])("of %j says where it breaks", (text, message) => {
    expect(() => readCsv("a.csv", text)).toThrow(message);
  });
});
