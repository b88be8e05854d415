import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createIo, wantsColor } from "./io.ts";

const terminal = { isTTY: true };
const pipe = {};

describe("wantsColor", () => {
  it.each([
    [terminal, {}, "auto", true],
    [pipe, {}, "auto", false],
    [terminal, { NO_COLOR: "1" }, "auto", false],
    [terminal, { NO_COLOR: "" }, "auto", true],
    [pipe, { FORCE_COLOR: "1" }, "auto", true],
    [pipe, { FORCE_COLOR: "" }, "auto", true],
    [terminal, { FORCE_COLOR: "0" }, "auto", false],
    [pipe, { CLICOLOR_FORCE: "1" }, "auto", true],
    [pipe, { NO_COLOR: "1", FORCE_COLOR: "1" }, "auto", false],
    [terminal, { TERM: "dumb" }, "auto", false],
    [terminal, { CLICOLOR: "0" }, "auto", false],
    [pipe, { CI: "1" }, "auto", false],
    [pipe, { NO_COLOR: "1" }, "always", true],
    [terminal, { FORCE_COLOR: "1" }, "never", false],
  ] as const)("%j with %j and --color %s: %s", (stream, env, mode, wanted) => {
    expect(wantsColor(stream, env, mode)).toBe(wanted);
  });
});

describe("createIo", () => {
  const make = (env: Record<string, string>, tty: { in: boolean; out: boolean; err: boolean }) =>
    createIo(
      {
        stdin: Object.assign(new PassThrough(), { isTTY: tty.in }),
        stdout: Object.assign(new PassThrough(), { isTTY: tty.out }),
        stderr: Object.assign(new PassThrough(), { isTTY: tty.err }),
        env,
      },
      "auto",
    );

  it("decides colour for each stream by itself", () => {
    const io = make({}, { in: true, out: false, err: true });
    expect(io.paint("red", "x", "stdout")).toBe("x");
    expect(io.paint("red", "x", "stderr")).toBe("\u001b[31mx\u001b[39m");
  });

  it("asks only a person: both ends a terminal, not in CI, not on a dumb terminal", () => {
    const person = { in: true, out: true, err: true };
    expect(make({}, person).canPrompt()).toBe(true);
    expect(make({}, { ...person, out: false }).canPrompt()).toBe(true);
    expect(make({}, { ...person, in: false }).canPrompt()).toBe(false);
    expect(make({}, { ...person, err: false }).canPrompt()).toBe(false);
    expect(make({ CI: "true" }, person).canPrompt()).toBe(false);
    expect(make({ CI: "false" }, person).canPrompt()).toBe(true);
    expect(make({ TERM: "dumb" }, person).canPrompt()).toBe(false);
  });
});
