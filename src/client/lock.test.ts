import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LockHeld, lockOwner, takeLock } from "./lock.ts";
import { isAlive, ownIdentity, startOfProcess } from "./process-identity.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kubesim-lock-"));
  path = join(directory, "lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const writeLock = (pid: number, startedAt: string) =>
  writeFileSync(path, JSON.stringify({ pid, startedAt, nonce: "abcdef" }));

describe("takeLock", () => {
  it("names its owner, refuses a second one, and can be taken again after its release", async () => {
    const lock = await takeLock(path);
    expect(await lockOwner(path)).toMatchObject({ pid: process.pid });
    const error: unknown = await takeLock(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LockHeld);
    expect((error as LockHeld).owner.pid).toBe(process.pid);
    await lock.release();
    await lock.release();
    expect(await lockOwner(path)).toBeUndefined();
    await (await takeLock(path)).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it("takes over from a process that was killed", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const { startedAt } = await ownIdentity();
    // The start of that very process, as the lock's owner would have written it.
    const start = await startOf(child.pid as number);
    expect(start).not.toBe(startedAt);
    writeLock(child.pid as number, start);
    await expect(takeLock(path)).rejects.toBeInstanceOf(LockHeld);
    child.kill("SIGKILL");
    await once(child, "exit");
    const lock = await takeLock(path);
    expect(await lockOwner(path)).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it("is not fooled by another process with the old pid", async () => {
    writeLock(process.pid, "an earlier process");
    await (await takeLock(path)).release();
  });

  it.each(["", "{", "null", '{"pid":1}', '{"pid":"x","startedAt":1,"nonce":"../../x"}'])(
    "takes over what is no lock: %j",
    async (text) => {
      writeFileSync(path, text);
      const lock = await takeLock(path);
      expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
      await lock.release();
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  it("goes to exactly one of many who find it stale", async () => {
    for (let round = 0; round < 20; round++) {
      writeLock(2 ** 30, "gone");
      const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
      const won = attempts.filter((attempt) => attempt.status === "fulfilled");
      const lost = attempts.filter((attempt) => attempt.status === "rejected");
      expect(won).toHaveLength(1);
      expect(lost.every(({ reason }) => reason instanceof LockHeld)).toBe(true);
      for (const { value } of won) await value.release();
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it("does not release what somebody else holds by now", async () => {
    const lock = await takeLock(path);
    writeLock(process.pid, "somebody else");
    await lock.release();
    expect(readdirSync(directory)).toEqual(["lock"]);
  });
});

describe("isAlive", () => {
  it("knows this process, and nothing behind impossible pids", async () => {
    expect(await isAlive(await ownIdentity())).toBe(true);
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 30]) {
      expect(await isAlive({ pid, startedAt: (await ownIdentity()).startedAt })).toBe(false);
    }
  });

  it("takes a process that ended and was not collected for dead", async () => {
    // exec leaves a parent that never waits for the shell's child.
    const parent = spawn("sh", ["-c", "sleep 1000 & echo $!; exec sleep 1000"]);
    const [output] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(output.toString());
    const startedAt = await startOf(pid);
    expect(await isAlive({ pid, startedAt })).toBe(true);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => isAlive({ pid, startedAt })).toBe(false);
    expect(() => process.kill(pid, 0)).not.toThrow();
    parent.kill("SIGKILL");
    await once(parent, "exit");
  });
});

/** What `ownIdentity` says inside a process, told from outside. */
async function startOf(pid: number): Promise<string> {
  return (await startOfProcess(pid)) as string;
}
