import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalError } from "./errors.ts";
import { explainFileError, makePrivateDirectory, writePrivateFile } from "./private-files.ts";
import { makeStateDirectory, stateDirectory } from "./state-directory.ts";

let home: string;
let umask: number;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "kubesim-state-"));
  umask = process.umask(0);
});
afterEach(() => {
  process.umask(umask);
  rmSync(home, { recursive: true, force: true });
});

const modeOf = (path: string) => lstatSync(path).mode & 0o777;

describe("stateDirectory", () => {
  it("follows XDG_STATE_HOME, and ~/.local/state where that is absent or relative", () => {
    expect(stateDirectory("a", { XDG_STATE_HOME: "/x" }).path).toBe("/x/kubesim/clusters/a");
    expect(stateDirectory("a", { HOME: "/h" }).path).toBe("/h/.local/state/kubesim/clusters/a");
    expect(stateDirectory("a", { HOME: "/h", XDG_STATE_HOME: "rel" }).path).toBe(
      "/h/.local/state/kubesim/clusters/a",
    );
  });

  it.each(["", "A", "a_b", "-a", "a-", "a.b", "../x", "a/b", "a\n", "x".repeat(64), "ä"])(
    "refuses the name %j",
    (name) => {
      expect(() => stateDirectory(name, {})).toThrow(LocalError);
    },
  );

  it("is made for its owner alone, whatever the umask and whatever it was", async () => {
    const directory = stateDirectory("a", { XDG_STATE_HOME: home });
    await makeStateDirectory(directory);
    expect(modeOf(directory.path)).toBe(0o700);
    expect(modeOf(join(home, "kubesim"))).toBe(0o700);
    chmodSync(directory.path, 0o777);
    await makeStateDirectory(directory);
    expect(modeOf(directory.path)).toBe(0o700);
  });

  it("says what to do when a file stands in the way", async () => {
    writeFileSync(join(home, "kubesim"), "");
    const directory = stateDirectory("a", { XDG_STATE_HOME: home });
    await expect(makeStateDirectory(directory)).rejects.toMatchObject({ name: "LocalError", exitCode: 1 });
  });

  it("ends with what to do where a file system lets nobody make a directory", async () => {
    const directory = stateDirectory("a", { XDG_STATE_HOME: "/proc/nowhere" });
    await expect(makeStateDirectory(directory)).rejects.toMatchObject({
      name: "LocalError",
      hint: expect.stringContaining("XDG_STATE_HOME") as string,
    });
  });

  it("refuses a symbolic link", async () => {
    symlinkSync(home, join(home, "link"));
    await expect(makePrivateDirectory(join(home, "link"))).rejects.toThrow("symbolic link");
  });
});

describe("writePrivateFile", () => {
  it.each([0o000, 0o077, 0o777])(
    "gives mode 0600 under umask %i and leaves nothing else behind",
    async (mask) => {
      process.umask(mask);
      const path = join(home, "token");
      await writePrivateFile(path, "one");
      await writePrivateFile(path, "two");
      expect(modeOf(path)).toBe(0o600);
      expect(readFileSync(path, "utf8")).toBe("two");
      expect(readdirSync(home)).toEqual(["token"]);
    },
  );

  it("neither follows nor replaces a symbolic link", async () => {
    const target = join(home, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, join(home, "token"));
    await expect(writePrivateFile(join(home, "token"), "secret")).rejects.toThrow("symbolic link");
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(readdirSync(home).sort()).toEqual(["target", "token"]);
  });

  it.each([
    ["EROFS", "read-only"],
    ["EACCES", "permission denied"],
    ["ENOSPC", "the disk is full"],
    ["EDQUOT", "the disk is full"],
  ])("explains %s and says what to do", (code, words) => {
    const explained = explainFileError("/x/token", Object.assign(new Error("system words"), { code }));
    expect(explained).toBeInstanceOf(LocalError);
    expect((explained as LocalError).message).toContain(words);
    expect((explained as LocalError).hint).toContain("XDG_STATE_HOME");
  });
});
