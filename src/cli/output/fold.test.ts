import { styleText } from "node:util";
import { expect, it } from "vitest";
import { fold } from "./fold.ts";

it("keeps one line where it fits", () => {
  expect(fold(["one", "two", "three"], 17)).toBe("one · two · three");
});

it("breaks between parts, never inside one", () => {
  expect(fold(["one", "two", "three"], 16)).toBe("one · two\nthree");
  expect(fold(["much too long", "two"], 5)).toBe("much too long\ntwo");
});

it("counts what is seen: colours take no room", () => {
  const green = styleText("green", "one", { validateStream: false });
  expect(fold([green, "two"], 9)).toBe(`${green} · two`);
});
