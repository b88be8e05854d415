import { expect, it } from "vitest";
import { readTarget } from "./target.ts";

it("reads names with a scheme and a port", () => {
  expect(readTarget("web", "pods")).toEqual({ name: "web", port: undefined });
  expect(readTarget("web:80", "pods")).toEqual({ name: "web", port: "80" });
  expect(readTarget("https:web:", "services")).toEqual({ name: "web", port: undefined });
  expect(readTarget(":web:http", "services")).toEqual({ name: "web", port: "http" });
});

it("refuses anything else", () => {
  for (const text of ["a:b:c", "http::80", ":80", "a:b:c:d", ""]) {
    if (text === "") continue;
    expect(() => readTarget(text, "services"), text).toThrow(`invalid service request "${text}"`);
  }
});
