import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pod } from "./kinds/pod.ts";
import { pods } from "./kinds/pod.ts";
import { parseFieldSelector, parseLabelSelector } from "./selector.ts";

const pod = (name: string, nodeName?: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", uid: "u", resourceVersion: "1", creationTimestamp: "" },
  spec: { containers: [], ...(nodeName !== undefined && { nodeName }) },
  status: { phase: "Pending" },
});

describe("parseLabelSelector", () => {
  it.each([
    ["", { a: "1" }, true],
    ["", undefined, true],
    ["a", { a: "1" }, true],
    ["a", {}, false],
    ["a", undefined, false],
    ["!a", {}, true],
    ["!a", { a: "1" }, false],
    ["a=1", { a: "1" }, true],
    ["a==1", { a: "1" }, true],
    ["a = 1", { a: "1" }, true],
    ["a=", { a: "" }, true],
    ["a=", {}, false],
    ["a!=1", { a: "1" }, false],
    ["a!=1", {}, true],
    ["a in (x, y)", { a: "y" }, true],
    ["a in (x,y)", { a: "z" }, false],
    ["a in (x,)", { a: "" }, true],
    ["a in ()", { a: "" }, true],
    ["a notin (x,y)", { a: "z" }, true],
    ["a notin (x,y)", {}, true],
    ["a notin (x,y)", { a: "x" }, false],
    ["a>5", { a: "6" }, true],
    ["a<5", { a: "6" }, false],
    ["a>5", { a: "six" }, false],
    ["a in (x,y),!z,k!=v,k", { a: "x", k: "w" }, true],
    ["a in (x,y),!z,k!=v,k", { a: "x", k: "v" }, false],
    ["in=1", { in: "1" }, true],
    ["example.com/a=1", { "example.com/a": "1" }, true],
    ["constructor", {}, false],
    ["!constructor", {}, true],
    ["toString!=1", {}, true],
  ])("%s on %j is %s", (text, labels, matches) => {
    expect(parseLabelSelector(text)(labels as Record<string, string> | undefined)).toBe(matches);
  });

  it.each([
    ["a in", "unable to parse requirement: found '', expected: '('"],
    ["a in (x", "unable to parse requirement: found '', expected: ',' or ')'"],
    ["a,", "unable to parse requirement: found '', expected: identifier after ','"],
    [",a", "unable to parse requirement: found ',', expected: !, identifier, or 'end of string'"],
    ["a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ["a=b c", "unable to parse requirement: found 'c', expected: ',' or 'end of string'"],
    ["a=(", "unable to parse requirement: found '(', expected: identifier"],
    ["!", "unable to parse requirement: found '', expected: !, identifier, or 'end of string'"],
  ])("refuses %j", (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(
      expect.objectContaining({ message, reason: "BadRequest" }),
    );
  });

  it.each(["a=-x", "-a", "a>b", "a/b/c", "/a", "a|b", `${"a".repeat(64)}`, "__proto__=1"])(
    "refuses %j, which can be no label",
    (text) => {
      expect(() => parseLabelSelector(text)).toThrow(/^unable to parse requirement: /);
    },
  );

  it("agrees with what equality and membership mean, whatever the labels", () => {
    const name = fc.constantFrom("a", "b", "app.kubernetes.io/name");
    const value = fc.constantFrom<string>("", "x", "y", "1.0");
    fc.assert(
      fc.property(
        fc.dictionary(name, value),
        name,
        fc.uniqueArray(value, { minLength: 1 }),
        (labels, key, values) => {
          const within = Object.hasOwn(labels, key) && values.includes(labels[key] as string);
          expect(parseLabelSelector(`${key} in (${values.join(",")})`)(labels)).toBe(within);
          expect(parseLabelSelector(`${key} notin (${values.join(",")})`)(labels)).toBe(!within);
          const equal = Object.hasOwn(labels, key) && labels[key] === values[0];
          expect(parseLabelSelector(`${key}=${values[0]}`)(labels)).toBe(equal);
          expect(parseLabelSelector(`${key}!=${values[0]}`)(labels)).toBe(!equal);
        },
      ),
    );
  });

  it("answers or refuses 10,000 strange texts at once", () => {
    const pieces = ["a", "in", "(", ")", ",", "!", "=", " ", "-", "a.".repeat(500), "-".repeat(500), "\\"];
    const strings = fc.sample(
      fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join("")),
      { numRuns: 10_000, seed: 1 },
    );
    const before = process.cpuUsage();
    for (const text of strings) {
      for (const parse of [parseLabelSelector, (selector: string) => parseFieldSelector(pods, selector)]) {
        try {
          parse(text);
        } catch (error) {
          expect(error).toMatchObject({ reason: "BadRequest" });
        }
      }
    }
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(20_000);
  });
});

describe("parseFieldSelector", () => {
  it.each([
    ["", true],
    ["metadata.name=web", true],
    ["metadata.name==web", true],
    ["metadata.name!=web", false],
    ["metadata.namespace=default", true],
    ["spec.nodeName=node-1", true],
    ["spec.nodeName=", false],
    ["spec.nodeName!=node-2,metadata.name=web", true],
    ["spec.nodeName=node-1,metadata.name=db", false],
    ["metadata.name=we\\,b", false],
  ])("%s is %s", (text, matches) => {
    expect(parseFieldSelector(pods, text)(pod("web", "node-1"))).toBe(matches);
  });

  it("compares a missing value as the empty text", () => {
    expect(parseFieldSelector(pods, "spec.nodeName=")(pod("web"))).toBe(true);
  });

  it.each([
    ["foo=1", "field label not supported: foo"],
    ["__proto__=1", "field label not supported: __proto__"],
    ["constructor!=1", "field label not supported: constructor"],
    ["metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ["metadata.name=a=b", "invalid field selector: unescaped character in value: a=b"],
    ["metadata.name=a\\b", "invalid field selector: invalid escape sequence in value: a\\b"],
  ])("refuses %j", (text, message) => {
    expect(() => parseFieldSelector(pods, text)).toThrow(
      expect.objectContaining({ message, reason: "BadRequest" }),
    );
  });
});
