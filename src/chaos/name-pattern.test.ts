import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileNamePattern, PatternError } from "./name-pattern.ts";

describe("a name pattern", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["node-[0-9]+", ["node-1", "node-42"], ["node-", "node-1x", "xnode-1"]],
    ["^node-1$", ["node-1"], ["node-10", "a-node-1"]],
    ["(web|db)-.*", ["web-1", "db-"], ["cache-1", "web"]],
    ["a{2}b{1,}c{0,2}", ["aab", "aabbcc"], ["ab", "aabccc"]],
    ["x?y*", ["", "x", "yyy", "xy"], ["xx"]],
    ["\\d\\w\\.z", ["1a.z", "2_.z"], ["aa.z", "1axz"]],
    ["[^a-c]-", ["d-", "--"], ["a-", "-"]],
    ["[a-]", ["a", "-"], ["b"]],
    ["(a*)*b", ["b", "aab"], ["aa", "c"]],
    ["()|a", ["", "a"], ["aa"]],
  ])("%s", (text, yes, no) => {
    const matches = compileNamePattern(text);
    expect(yes.filter((name) => !matches(name))).toEqual([]);
    expect(no.filter(matches)).toEqual([]);
  });

  it("agrees with the language's own regular expressions", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "(a|b)", "((ab)?)", "\\d");
    const piece = fc
      .tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{0,2}", "*?", "+?"))
      .map((parts) => parts.join(""));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(""));
    const name = fc.string({ unit: fc.constantFrom("a", "b", "1"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, name, (text, subject) => {
        expect(compileNamePattern(text)(subject)).toBe(new RegExp(`^(?:${text})$`).test(subject));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["", 1, "empty"],
    ["a(b", 4, '"("'],
    ["ab)", 3, '")"'],
    ["*a", 1, "nothing before"],
    ["a[bc", 5, '"["'],
    ["a{x}", 2, '"{"'],
    ["a{3,1}", 2, "second number"],
    ["[z-a]", 5, "backwards"],
    ["a\\", 3, "at the end"],
    ["a\\q", 3, "not known"],
    ["a^b", 2, "never matches"],
    ["a+*", 3, "needs brackets"],
  ])("%s is refused, pointing at column %d", (text, column, words) => {
    let error: unknown;
    try {
      compileNamePattern(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PatternError);
    expect((error as PatternError).column).toBe(column);
    expect((error as PatternError).message).toContain(words);
  });

  it("hostile patterns and names take no time", () => {
    const before = process.cpuUsage();
    const matches = compileNamePattern("(a+)+(a|a)*(.*.*.*)*c");
    expect(matches("a".repeat(253))).toBe(false);
    for (const bomb of [
      "((a{99}){99}){99}",
      "(((){999}){999}){999}",
      `${"(".repeat(100)}a${")".repeat(100)}`,
    ]) {
      expect(() => compileNamePattern(bomb)).toThrow(PatternError);
    }
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
  });
});
