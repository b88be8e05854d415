import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dnsLabelFault, dnsSubdomainFault, labelValueFault, qualifiedNameFault } from "./names.ts";

const isGood = (fault: string | undefined): boolean => fault === undefined;

describe("names", () => {
  it.each([
    ["a", true],
    ["web-1", true],
    ["1", true],
    ["", false],
    ["-a", false],
    ["a-", false],
    ["A", false],
    ["a.b", false],
    ["a_b", false],
    ["é", false],
    ["a\n", false],
    ["a".repeat(63), true],
    ["a".repeat(64), false],
  ])("label %j: %s", (name, good) => {
    expect(isGood(dnsLabelFault(name))).toBe(good);
  });

  it.each([
    ["a.b-c.d", true],
    ["a..b", false],
    [".a", false],
    ["a.", false],
    ["a.-b", false],
    ["a/b", false],
    ["../etc", false],
    ["a%2e", false],
    ["a".repeat(253), true],
    ["a".repeat(254), false],
  ])("subdomain %j: %s", (name, good) => {
    expect(isGood(dnsSubdomainFault(name))).toBe(good);
  });

  it.each([
    ["app", true],
    ["example.com/App_1.x", true],
    ["a".repeat(64), false],
    ["/a", false],
    ["a/", false],
    ["a/b/c", false],
    ["A.b/c", false],
    ["__proto__", false],
    ["constructor", true],
  ])("qualified name %j: %s", (key, good) => {
    expect(isGood(qualifiedNameFault(key))).toBe(good);
  });

  it.each([
    ["", true],
    ["A_1.x-y", true],
    ["-a", false],
    ["a b", false],
    ["a".repeat(63), true],
    ["a".repeat(64), false],
  ])("label value %j: %s", (value, good) => {
    expect(isGood(labelValueFault(value))).toBe(good);
  });

  it("are judged at once, 10,000 strange ones", () => {
    const pieces = ["a", "-", ".", "/", "_", "A", "a-".repeat(120), "a.".repeat(120), "-".repeat(5_000)];
    const strings = fc.sample(
      fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((parts) => parts.join("")),
      { numRuns: 10_000, seed: 1 },
    );
    const before = process.cpuUsage();
    for (const text of strings) {
      for (const fault of [dnsLabelFault, dnsSubdomainFault, qualifiedNameFault, labelValueFault])
        fault(text);
    }
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
  });
});
