import { beforeAll, describe, expect, it } from "vitest";
import { loadEngines } from "../../engines.ts";
import type { JsonSchema } from "../../json-schema.ts";
import { validateSchema } from "../../validate-schema.ts";
import { compileRules } from "../rule-tree.ts";
import { type Declared, declaredOf } from "./declared.ts";
import { estimateCost } from "./estimator.ts";

beforeAll(loadEngines);

type Make = (max: number | undefined) => JsonSchema;

const text: Make = (max) => ({ type: "string", ...(max !== undefined && { maxLength: max }) });
const list =
  (items: JsonSchema | Make): Make =>
  (max) => ({
    type: "array",
    items: typeof items === "function" ? items(max) : items,
    ...(max !== undefined && { maxItems: max }),
  });
const map =
  (values: JsonSchema | Make): Make =>
  (max) => ({
    type: "object",
    additionalProperties: typeof values === "function" ? values(max) : values,
    ...(max !== undefined && { maxProperties: max }),
  });
const NUMBER: JsonSchema = { type: "number" };
const STRING: JsonSchema = { type: "string" };
const INT_OR_STRING: JsonSchema = { "x-kubernetes-int-or-string": true };
const timed = (format: string): JsonSchema => ({ type: "string", format });
const fields = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: "object", properties });

function costOf(schema: JsonSchema, rule: string): number {
  const tree = compileRules(fields({ spec: { ...schema, "x-kubernetes-validations": [{ rule }] } }));
  const test = tree?.properties.get("spec")?.rules[0]?.test;
  if (test === undefined || !("expression" in test)) throw new Error(JSON.stringify(test));
  return estimateCost(test.expression.ast, declaredOf(schema, false) as Declared);
}

/** Figures of Kubernetes' own estimates: without any limit, and with the given one. */
const CASES: readonly (readonly [Make, string, number | undefined, number, number])[] = [
  [list(NUMBER), "self.all(x, true)", 4718591, 10, 32],
  [list(STRING), "self.all(x, true)", 3145727, 20, 62],
  [list({ type: "boolean" }), "self.all(x, true)", 1887437, 5, 17],
  [list({ type: "array", items: NUMBER }), "self.all(x, true)", 3145727, 100, 302],
  [map(NUMBER), "self.all(x, true)", 1348169, 10, 32],
  [map(STRING), "self.all(x, true)", 1179647, 3, 11],
  [text, "self.contains('test')", 314574, 10, 5],
  [text, "self.startsWith('test')", 2, 15, 2],
  [text, 'size(self + "hello") > size("hello")', 314578, 4, 7],
  [list(NUMBER), "self[1] == 0.0", 2, 5000, 2],
  [list(STRING), "self[1] == self[1]", 314577, 8, 314577],
  [list(NUMBER), "self.all(x, self.all(y, true))", undefined, 10, 352],
  [list(NUMBER), "self.all(x, self.all(y, self.all(z, true)))", undefined, 10, 3552],
  [text, 'self.matches("x")', 314574, 50, 22],
  [text, '"".matches("(((((((((())))))))))[0-9]")', 7, 10, 7],
  [text, 'self.matches("")', 1, 100, 1],
  [map(text), "self.all(x, x.contains(self[x]))", undefined, 10, 72],
  [text, 'self == "x"', 2, 0, 1],
  [list(NUMBER), "self.all(x, x == 0.0)", 6291454, 3 * 1024 * 2048, 25165826],
  [list(INT_OR_STRING), "self[0] == 5", 3, 10, 3],
  [list({ type: "boolean" }), "self[0] == false", 2, 25, 2],
  [list({ type: "array", items: NUMBER }), "self[0][0] == -1.0", 3, 51, 3],
  [list({ type: "object", additionalProperties: NUMBER }), "self.all(x, x.y == 25.2)", 6291452, 12, 74],
  [list({ type: "object", additionalProperties: NUMBER }), "self[0].x > 2.0", 4, 3000, 4],
  [list(timed("duration")), "self.all(x, true)", 2359295, 5, 17],
  [list(timed("duration")), "self[0].getHours() == 2", 4, 525, 4],
  [list(timed("date")), "self.all(x, true)", 725936, 15, 47],
  [list(timed("date-time")), "self.all(x, true)", 428963, 25, 77],
  [text, "self.find('[0-9]+') == ''", 629147, 10, 11],
  [list(text), "self.join(' ') == 'aa bb'", 329853068905, 10, 43],
  [list(text), "self.isSorted() == true", 329854432052, 10, 52],
  [(max) => fields({ str: text(max), by: text(max) }), "self.str.split(self.by) == []", 629160, 10, 22],
  [
    (max) => fields({ str: text(max), before: text(2), after: text(4) }),
    "self.str.replace(self.before, self.after) == 'does not matter'",
    629154,
    4,
    12,
  ],
  [text, "self.lowerAscii() == 'lower!'", 314575, 10, 6],
  [map({ type: "integer" }), "oldSelf.size() == self.size()", 5, 10, 5],
  [map(timed("date-time")), 'self["a"] == self["b"]', 8, 7, 8],
  [(max) => ({ ...text(max), enum: ["A", "LongValue"] }), "self.contains('A')", 2, 1000, 401],
];

describe("the estimated cost", () => {
  it.each(CASES)("is that of Kubernetes: %#: %s", (make, rule, free, max, limited) => {
    if (free !== undefined) expect(costOf(make(undefined), rule), `${rule} without a limit`).toBe(free);
    expect(costOf(make(max), rule), `${rule} with ${max}`).toBe(limited);
  });
});

describe("a definition", () => {
  const HINT =
    "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and " +
    "strings are declared)";
  const refused = (spec: JsonSchema) =>
    validateSchema(fields({ spec }), "root").map(({ field, message }) => `${field}: ${message}`);

  it("is refused when a rule costs too much, with the factor", () => {
    const rule = [{ rule: "self.all(x, self.all(y, x != y))" }];
    expect(refused({ ...list(STRING)(undefined), "x-kubernetes-validations": rule })).toEqual([
      "root.properties[spec].x-kubernetes-validations[0].rule: Forbidden: " +
        `estimated rule cost exceeds budget by factor of more than 100x ${HINT}`,
      expect.stringContaining("contributed to estimated rule cost total exceeding cost limit"),
      expect.stringContaining("root: Forbidden: x-kubernetes-validations estimated rule cost total"),
    ]);
    expect(refused({ ...list(text)(10), "x-kubernetes-validations": rule })).toEqual([]);
  });

  it("counts how often a rule can be asked", () => {
    const item: JsonSchema = { ...text(1000), "x-kubernetes-validations": [{ rule: "self.contains('x')" }] };
    // 402 steps for each of 3 MiB / 3 bytes, in a list without a limit.
    expect(refused(list(item)(undefined))[0]).toContain("by factor of 42.0x");
    expect(refused(list(item)(100))).toEqual([]);
    expect(refused(list(item)(25_000))).toEqual([expect.stringContaining("by factor of 1.002500x")]);
  });
});
