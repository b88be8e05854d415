import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealClock } from "../clock/real.ts";
import { copyFrom, followFrom, tailStart } from "./server-log.ts";

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kubesim-log-"));
  path = join(home, "server.log");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function tail(text: string, lines: number): Promise<string> {
  writeFileSync(path, text);
  const chunks: Buffer[] = [];
  await copyFrom(path, await tailStart(path, lines), (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks).toString();
}

describe("tailStart", () => {
  it.each([
    ["a\nb\nc\n", 2, "b\nc\n"],
    ["a\nb\nc", 2, "b\nc"],
    ["a\nb\nc\n", 9, "a\nb\nc\n"],
    ["a\nb\nc\n", 0, ""],
    ["a\n\n\n", 2, "\n\n"],
    ["", 3, ""],
  ])("finds the last lines of %j: %i", async (text, lines, expected) => {
    expect(await tail(text, lines)).toBe(expected);
  });

  it("looks back over many blocks", async () => {
    const line = `${"x".repeat(999)}\n`;
    expect(await tail(`first\n${line.repeat(200)}`, 150)).toBe(line.repeat(150));
  });
});

describe("followFrom", () => {
  it("goes on with what is added, also after the file was replaced, until it is aborted", async () => {
    writeFileSync(path, "old\n");
    const controller = new AbortController();
    let text = "";
    const seen = async (expected: string) => {
      while (text !== expected) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const add = (chunk: Buffer) => {
      text += chunk.toString();
    };
    const following = followFrom(path, 4, add, {
      clock: new RealClock(),
      signal: controller.signal,
    });
    appendFileSync(path, "one\n");
    await seen("one\n");
    writeFileSync(path, "2\n");
    await seen("one\n2\n");
    controller.abort();
    await following;
  });
});
