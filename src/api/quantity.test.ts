import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatResource, parseQuantity, resourceAmount } from "./quantity.ts";

describe("parseQuantity", () => {
  it.each([
    ["0", 0],
    ["1", 1],
    ["+1", 1],
    ["-2", -2],
    ["0.5", 0.5],
    [".5", 0.5],
    ["5.", 5],
    ["100m", 0.1],
    ["250u", 0.00025],
    ["3n", 3e-9],
    ["1k", 1e3],
    ["1M", 1e6],
    ["1G", 1e9],
    ["1T", 1e12],
    ["1P", 1e15],
    ["1E", 1e18],
    ["1Ki", 1024],
    ["1.5Gi", 1610612736],
    ["2Ei", 2 ** 61],
    ["1e3", 1000],
    ["1E3", 1000],
    ["12e-1", 1.2],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ])("reads %s as %d", (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each([
    "",
    "-",
    "+",
    ".",
    "2x",
    "1e400",
    "1e",
    "1 ",
    " 1",
    "1_000",
    "1,5",
    "0x10",
    "NaN",
    "Infinity",
    "1Kib",
    "1ki",
    "1K",
    "--1",
    "1e1.5",
    "1mi",
    "10E",
    "Ki",
    "__proto__",
    "9".repeat(65),
  ])("refuses %j", (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it("reads every whole number with every suffix exactly", () => {
    const suffixes = { "": 1, k: 1e3, M: 1e6, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.constantFrom(...Object.entries(suffixes)),
        (count, [suffix, unit]) => {
          expect(parseQuantity(`${count}${suffix}`)).toBe(count * unit);
        },
      ),
    );
  });

  it("answers 10,000 strange texts at once", () => {
    const pieces = ["1", "0", ".", "e", "E", "+", "-", "Ki", "m", "9".repeat(5_000), "x", " "];
    const strings = fc.sample(
      fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join("")),
      { numRuns: 10_000, seed: 1 },
    );
    const before = process.cpuUsage();
    for (const text of strings) parseQuantity(text);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
  });
});

describe("resourceAmount", () => {
  it("counts cpu in milli and everything else in base units", () => {
    expect(resourceAmount("cpu", "100m")).toBe(100);
    expect(resourceAmount("cpu", "0.1")).toBe(100);
    expect(resourceAmount("cpu", "4")).toBe(4_000);
    expect(resourceAmount("memory", "16Gi")).toBe(17_179_869_184);
    expect(resourceAmount("nvidia.com/gpu", "8")).toBe(8);
  });

  it("rounds up", () => {
    expect(resourceAmount("cpu", "1u")).toBe(1);
    expect(resourceAmount("cpu", "100.1m")).toBe(101);
    expect(resourceAmount("memory", "1500m")).toBe(2);
    expect(resourceAmount("memory", "0.1")).toBe(1);
  });

  it("does not drift where floating point would", () => {
    expect(resourceAmount("cpu", "1.001")).toBe(1_001);
    expect(resourceAmount("cpu", "0.07")).toBe(70);
    expect(resourceAmount("memory", "1.1Ki")).toBe(1_127);
  });
});

describe("formatResource", () => {
  it.each([
    ["cpu", 0, "0"],
    ["cpu", 1_500, "1500m"],
    ["cpu", 4_000, "4"],
    ["memory", 17_179_869_184, "16Gi"],
    ["memory", 1_610_612_736, "1536Mi"],
    ["memory", 1_000_000_000, "1G"],
    ["memory", 123_456_789, "123456789"],
    ["memory", 0, "0"],
    ["nvidia.com/gpu", 8, "8"],
    ["pods", 1_024, "1024"],
  ])("writes %s %d as %s", (resource, amount, text) => {
    expect(formatResource(resource, amount)).toBe(text);
  });

  it("is read back unchanged", () => {
    const resources = fc.constantFrom("cpu", "memory", "nvidia.com/gpu", "ephemeral-storage");
    fc.assert(
      fc.property(resources, fc.maxSafeNat(), (resource, amount) => {
        expect(resourceAmount(resource, formatResource(resource, amount))).toBe(amount);
      }),
    );
  });
});
