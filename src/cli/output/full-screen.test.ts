import { expect, it } from "vitest";
import { keysOf } from "./full-screen.ts";

it("reads keys as terminals send them, alone and together", () => {
  expect(keysOf("\u001b[C\u001b[Cq")).toEqual(["right", "right", "q"]);
  expect(keysOf("\u001bOA\u001b[5~\u001b[1~")).toEqual(["up", "page-up", "home"]);
  expect(keysOf("\u001b")).toEqual(["escape"]);
  expect(keysOf("t10m\r")).toEqual(["t", "1", "0", "m", "enter"]);
  expect(keysOf("\u0003")).toEqual(["ctrl-c"]);
  expect(keysOf("\u001b[")).toEqual(["\u001b["]);
});
