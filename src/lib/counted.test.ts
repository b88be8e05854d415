import { expect, it } from "vitest";
import { counted } from "./counted.ts";

it.each([
  [0, "0 pods"],
  [1, "1 pod"],
  [2, "2 pods"],
])("says %i as %s", (count, text) => {
  expect(counted(count, "pod")).toBe(text);
});
