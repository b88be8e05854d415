import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createRandom } from "../../src/lib/random.ts";
import { LmdbStore } from "../../src/store/lmdb.ts";

const KILLS = 20;
const random = createRandom("kill");

/** What a store may hold of a slot: the last acknowledged version, or what was tried after it. 0 means nothing. */
class Expectation {
  readonly #allowed = new Map<string, Set<number>>();
  highestRevision = 0;

  read(line: string): void {
    const [verb, ...pairs] = line.split(" ");
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      const slot = pairs[index] as string;
      const revision = Number(pairs[index + 1]);
      this.highestRevision = Math.max(this.highestRevision, revision);
      if (verb === "ack") this.#allowed.set(slot, new Set([revision]));
      else this.#allowedOf(slot).add(revision);
    }
  }

  /** The store is the truth from here on. */
  check(store: LmdbStore): void {
    expect(store.revision).toBeGreaterThanOrEqual(this.highestRevision);
    for (const [slot, allowed] of this.#allowed) {
      const revision = store.get(slot)?.revision ?? 0;
      expect([...allowed], slot).toContain(revision);
      this.#allowed.set(slot, new Set([revision]));
    }
    for (const { key, value, revision } of store.list("slots/").records) {
      expect(this.#allowed.has(key), `${key} was never written`).toBe(true);
      expect(value).toMatchObject({ revision });
    }
  }

  #allowedOf(slot: string): Set<number> {
    const allowed = this.#allowed.get(slot) ?? new Set([0]);
    this.#allowed.set(slot, allowed);
    return allowed;
  }
}

it(`loses no acknowledged write and never goes back, killed ${KILLS} times in mid-write`, async () => {
  const directory = mkdtempSync(join(tmpdir(), "kubesim-kill-"));
  const expectation = new Expectation();
  let acknowledged = 0;
  try {
    for (let round = 0; round < KILLS; round++) {
      const lines = await linesUntilKilled(directory, round, random.below(60));
      const opened = Number(lines[0]?.split(" ")[1]);
      expect(opened).toBeGreaterThanOrEqual(expectation.highestRevision);
      for (const line of lines.slice(1)) expectation.read(line);
      acknowledged += lines.filter((line) => line.startsWith("ack")).length;
      const store = await LmdbStore.open(directory);
      expectation.check(store);
      await store.close();
    }
    expect(acknowledged).toBeGreaterThan(KILLS);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** What a victim said before it was killed, some ms after its first acknowledgement. */
function linesUntilKilled(directory: string, seed: number, delayMs: number): Promise<string[]> {
  const victim = join(import.meta.dirname, "kill-victim.ts");
  const child = spawn(process.execPath, ["--import", "tsx", victim, directory, String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  let isDoomed = false;
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (isDoomed || !said.includes("\nack")) return;
    isDoomed = true;
    setTimeout(() => child.kill("SIGKILL"), delayMs);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // A line that was cut off by the kill says nothing.
    child.on("close", () => resolve(said.slice(0, said.lastIndexOf("\n")).split("\n")));
  });
}
