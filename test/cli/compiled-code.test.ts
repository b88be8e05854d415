import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { Home } from "./program.ts";

const home = new Home();
const env = { XDG_CACHE_HOME: join(home.path, "cache") };
const path = join(env.XDG_CACHE_HOME, "kubesim", "code");

afterAll(() => home.remove());

/** What is kept, by file. */
function kept(): Map<string, Buffer> {
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name))]));
}

/** How often each file has been written. */
function timesWritten(): number[] {
  return [...kept().values()].map((bytes) => bytes.readUInt32LE(4));
}

describe("compiled code", () => {
  it("is there before the first run, when Node is the one of the build", async () => {
    const shipped = readdirSync(join(import.meta.dirname, "..", "..", "dist", "code"));
    await home.succeed(["server", "start", "--store", "memory"], { env });
    await home.succeed(["server", "stop"], { env });
    const used = [...kept().keys()];
    expect(used.length).toBeGreaterThan(5);
    expect(shipped).toEqual(expect.arrayContaining(used));
    rmSync(path, { recursive: true });
  });

  it("is kept from run to run, until runs have little to add", async () => {
    const first = await home.succeed(["--help"], { env });
    expect(new Set(timesWritten())).toEqual(new Set([1]));
    for (let run = 0; run < 6; run++) {
      expect(await home.succeed(["--help"], { env })).toEqual(first);
    }
    expect(new Set(timesWritten())).toEqual(new Set([5]));
  });

  it("is compiled again when it is damaged, or is something else in good order", async () => {
    const first = await home.succeed(["--help"], { env });
    for (const [name, bytes] of kept()) {
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      writeFileSync(join(path, name), bytes);
    }
    expect(await home.succeed(["--help"], { env })).toEqual(first);
    expect(new Set(timesWritten())).toEqual(new Set([1]));
    for (const [name, bytes] of kept()) {
      bytes.fill(7, 16);
      bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
      writeFileSync(join(path, name), bytes);
    }
    expect(await home.succeed(["--help"], { env })).toEqual(first);
    expect(await home.succeed(["--help"], { env })).toEqual(first);
    expect(new Set(timesWritten())).toEqual(new Set([2]));
  });

  it("does not matter: the program runs without, and leaves none where that is asked for", async () => {
    const { stdout } = await home.succeed(["--help"], { env });
    const nowhere = { XDG_CACHE_HOME: home.write("file", "") };
    expect((await home.succeed(["--help"], { env: nowhere })).stdout).toBe(stdout);
    const none = { XDG_CACHE_HOME: join(home.path, "none"), NODE_DISABLE_COMPILE_CACHE: "1" };
    expect((await home.succeed(["--help"], { env: none })).stdout).toBe(stdout);
    expect(existsSync(none.XDG_CACHE_HOME)).toBe(false);
  });

  it("of a server lets it load a user's strategy, which is a module", async () => {
    const strategy = home.write("mine.mjs", "export default { name: 'mine', score: () => 1 };");
    for (let run = 0; run < 2; run++) {
      await home.succeed(["strategy", "set", strategy], { env });
      expect((await home.succeed(["strategy", "get"], { env })).stdout).toContain("mine");
      await home.succeed(["server", "stop"], { env });
    }
    expect([...kept().keys()].some((name) => name.startsWith("server"))).toBe(true);
  });
});
