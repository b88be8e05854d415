import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkLabelSelector,
  isEmptySelector,
  type LabelSelector,
  selectorText,
  selects,
} from "./label-selector.ts";
import { parseLabelSelector } from "./selector.ts";

const SELECTOR: LabelSelector = {
  matchLabels: { app: "web" },
  matchExpressions: [
    { key: "tier", operator: "In", values: ["b", "a"] },
    { key: "track", operator: "NotIn", values: ["canary"] },
    { key: "zone", operator: "Exists" },
    { key: "old", operator: "DoesNotExist" },
  ],
};

const key = fc.constantFrom("app", "tier", "zone");
const value = fc.constantFrom("a", "b", "");
const values = fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
const labels = fc.dictionary(key, value);
const requirement = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In" as const, "NotIn" as const), values }),
  fc.record({ key, operator: fc.constantFrom("Exists" as const, "DoesNotExist" as const) }),
);
const selector = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(requirement, { maxLength: 3 }),
});

describe("a label selector", () => {
  it("selects what meets every label and every expression", () => {
    const good = { app: "web", tier: "a", zone: "" };
    expect(selects(SELECTOR, good)).toBe(true);
    for (const change of [{ app: "x" }, { tier: "c" }, { track: "canary" }, { old: "" }]) {
      expect(selects(SELECTOR, { ...good, ...change })).toBe(false);
    }
    expect(selects(SELECTOR, undefined)).toBe(false);
    expect(selects({}, undefined)).toBe(true);
  });

  it("takes no label from the prototype", () => {
    expect(selects({ matchExpressions: [{ key: "constructor", operator: "Exists" }] }, {})).toBe(false);
  });

  it("is written sorted by key", () => {
    expect(selectorText(SELECTOR)).toBe("app=web,!old,tier in (a,b),track!=canary,zone");
    expect(selectorText({})).toBe("");
    expect(isEmptySelector({ matchLabels: {}, matchExpressions: [] })).toBe(true);
  });

  it("selects the same once it was written and read again", () => {
    fc.assert(
      fc.property(selector, labels, (given, some) => {
        expect(parseLabelSelector(selectorText(given))(some)).toBe(selects(given, some));
      }),
      { seed: 1 },
    );
  });

  it("is refused with Kubernetes' words", () => {
    const errors: { field: string; message: string }[] = [];
    const bad = {
      matchLabels: { "a b": "x" },
      matchExpressions: [
        { key: "a", operator: "In" },
        { key: "b", operator: "Exists", values: ["x"] },
        { key: "c" },
      ],
    } as unknown as LabelSelector;
    checkLabelSelector("spec.selector", bad, errors as never);
    expect(errors.map(({ field, message }) => `${field}: ${message.split(":")[0]}`)).toEqual([
      "spec.selector.matchLabels: Invalid value",
      "spec.selector.matchExpressions[0].values: Required value",
      "spec.selector.matchExpressions[1].values: Forbidden",
      "spec.selector.matchExpressions[2].operator: Unsupported value",
    ]);
  });
});
