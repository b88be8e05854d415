import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, compares, METRICS, readingValue, worse } from "./condition.ts";
import { parseCondition } from "./parse-condition.ts";

function condition(text: string): Condition {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${parsed.error.column}: ${parsed.error.message}`);
  return parsed.condition;
}

describe("a condition", () => {
  it.each<[string, Partial<Condition>]>([
    [
      "running>=95%",
      { metric: "running", operator: ">=", value: 95, percent: true, forMs: 0, severity: "critical" },
    ],
    ["unschedulable==0 for 10s", { metric: "unschedulable", operator: "==", value: 0, forMs: 10_000 }],
    ["  availability <  40 % ", { metric: "availability", operator: "<", value: 40, percent: true }],
    ["down<=3", { metric: "down", operator: "<=", value: 3, percent: false }],
    ["warning: pending != 1 for 1m30s", { severity: "warning", operator: "!=", value: 1, forMs: 90_000 }],
    ["critical:capacity>0.5%for 250ms", { severity: "critical", value: 0.5, percent: true, forMs: 250 }],
  ])("%s", (text, expected) => {
    expect(condition(text)).toMatchObject({ text: text.trim(), ...expected });
  });

  it.each([
    ["", 1, "expected what to measure, found the end"],
    ["runing>=95%", 1, 'unknown metric "runing"'],
    ["constructor>1", 1, 'unknown metric "constructor"'],
    ["running", 8, "expected a comparison, found the end"],
    ["running=95", 8, 'expected a comparison, found "="'],
    ["running>=", 10, "expected a number, found the end"],
    ["running>=many", 10, 'expected a number, found "many"'],
    ["running >= -1", 12, 'expected a number, found "-"'],
    ["running>=101%", 10, "101% is more than everything"],
    [`running>=${"9".repeat(30)}`, 10, "too large"],
    ["availability<40", 14, "availability is a share"],
    ["running>=95% for", 14, '"for" without a duration'],
    ["running>=95% for 10x", 18, '"10x" is no duration'],
    ["running>=95% for 0s", 18, '"0s" is no duration'],
    ["running>=95% and down<3", 14, 'expected the end, found "and"'],
    ["fatal: running>=95%", 1, 'unknown severity "fatal"'],
    ["x".repeat(300), 201, "longer than 200 characters"],
  ])("%s is refused, pointing at column %d", (text, column, words) => {
    const parsed = parseCondition(text);
    if (parsed.ok) throw new Error("was taken");
    expect(parsed.error.column).toBe(column);
    expect(parsed.error.message).toContain(words);
    expect(parsed.error.hint).not.toBe("");
  });

  it("never throws, and takes back what it was written as", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const parsed = parseCondition(text);
        if (parsed.ok) expect(parseCondition(parsed.condition.text)).toEqual(parsed);
      }),
    );
    const text = fc
      .tuple(fc.constantFrom(...Object.keys(METRICS)), fc.constantFrom(">=", "<", "=="), fc.nat(100))
      .map(([metric, operator, value]) => `${metric} ${operator} ${value}%`);
    fc.assert(
      fc.property(text, (written) => {
        expect(condition(written).text).toBe(written);
      }),
    );
  });
});

describe("the value of a condition", () => {
  it("is a count, or a percentage", () => {
    expect(readingValue(condition("running>=3"), { count: 19, whole: 20 })).toBe(19);
    expect(readingValue(condition("running>=3%"), { count: 19, whole: 20 })).toBe(95);
  });

  it("of nothing at all is what is best", () => {
    const nothing = { count: 0, whole: 0 };
    expect(readingValue(condition("running>=95%"), nothing)).toBe(100);
    expect(readingValue(condition("unschedulable<5%"), nothing)).toBe(0);
  });

  it.each([
    ["running>=3", [3, 4], [2]],
    ["running<=3", [3, 2], [4]],
    ["running>3", [4], [3]],
    ["running<3", [2], [3]],
    ["running==3", [3], [2, 4]],
    ["running!=3", [2, 4], [3]],
  ])("%s holds for %j and not for %j", (text, yes, no) => {
    expect(yes.every((value) => compares(condition(text), value))).toBe(true);
    expect(no.some((value) => compares(condition(text), value))).toBe(false);
  });

  it("the worse of two is further on the wrong side", () => {
    expect(worse(condition("running>=3"), 1, 2)).toBe(1);
    expect(worse(condition("down<3"), 5, 4)).toBe(5);
    expect(worse(condition("running==3"), 1, 4)).toBe(1);
    expect(worse(condition("running!=3"), 1, 4)).toBe(4);
  });
});
