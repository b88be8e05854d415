import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { CodeStore, codeStorePath } from "./code-store.ts";

const scratch = mkdtempSync(join(tmpdir(), "kubesim-code-"));
let path: string;
let count = 0;

beforeEach(() => {
  path = join(scratch, String(count++), "kubesim", "code");
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function onlyFile(): string {
  const names = readdirSync(path);
  expect(names).toHaveLength(1);
  return join(path, names[0] as string);
}

describe("the store of compiled code", () => {
  it("gives back what was written last, to whoever compiles in the same way", () => {
    const store = new CodeStore(path, "v20 --flag");
    expect(store.read("a.js")).toBeUndefined();
    store.write("a.js", Buffer.from("first"), 1);
    store.write("a.js", Buffer.from("second"), 2);
    expect(new CodeStore(path, "v20 --flag").read("a.js")).toEqual({
      code: Buffer.from("second"),
      timesWritten: 2,
    });
    expect(new CodeStore(path, "v22 --flag").read("a.js")).toBeUndefined();
    expect(store.read("b.js")).toBeUndefined();
    onlyFile();
  });

  it("takes nothing that is damaged, wherever", () => {
    const store = new CodeStore(path, "way");
    store.write("a.js", Buffer.from("some code"), 1);
    const whole = readFileSync(onlyFile());
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 1;
      writeFileSync(onlyFile(), damaged);
      expect(store.read("a.js")).toBeUndefined();
      writeFileSync(onlyFile(), whole.subarray(0, at));
      expect(store.read("a.js")).toBeUndefined();
    }
    store.write("a.js", Buffer.from("new code"), 1);
    expect(store.read("a.js")?.code.toString()).toBe("new code");
  });

  it("runs nothing that others could have written", () => {
    const store = new CodeStore(path, "way");
    store.write("a.js", Buffer.from("some code"), 1);
    for (const mode of [0o620, 0o602]) {
      chmodSync(onlyFile(), mode);
      expect(store.read("a.js")).toBeUndefined();
    }
    chmodSync(onlyFile(), 0o600);
    expect(store.read("a.js")).toBeDefined();
  });

  it("takes what is shipped with the program, whoever may write it", () => {
    new CodeStore(path, "way").write("a.js", Buffer.from("some code"), 1);
    chmodSync(onlyFile(), 0o666);
    const shipped = new CodeStore(path, "way", { shipped: true });
    expect(shipped.read("a.js")?.code.toString()).toBe("some code");
    expect(shipped.read("b.js")).toBeUndefined();
  });

  it("forgets what has not been written for a month", () => {
    new CodeStore(path, "way").write("old.js", Buffer.from("some code"), 1);
    utimesSync(onlyFile(), new Date(0), new Date(0));
    new CodeStore(path, "way").write("new.js", Buffer.from("some code"), 1);
    expect(onlyFile()).toMatch(/new\.js/);
  });

  it("says nothing where it cannot write", () => {
    writeFileSync(join(scratch, "file"), "");
    for (const place of [join(scratch, "file", "kubesim", "code"), "/proc/nowhere/kubesim/code"]) {
      const store = new CodeStore(place, "way");
      store.write("a.js", Buffer.from("some code"), 1);
      expect(store.read("a.js")).toBeUndefined();
    }
  });

  it("stands where caches stand", () => {
    expect(codeStorePath({ XDG_CACHE_HOME: "/cache", HOME: "/home/me" })).toBe("/cache/kubesim/code");
    expect(codeStorePath({ XDG_CACHE_HOME: "cache", HOME: "/home/me" })).toBe("/home/me/.cache/kubesim/code");
    expect(codeStorePath({ HOME: "nowhere" })).toBeUndefined();
  });
});
