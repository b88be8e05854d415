import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import { LmdbStore } from "../../src/store/lmdb.ts";
import type { Operation } from "../../src/store/store.ts";
import { requirement } from "../requirements.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kubesim-lmdb-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe("an LmdbStore that is opened again", () => {
  it("holds what it held in memory, with the same versions, whatever was written", async () => {
    const key = fc.constantFrom("a/1", "a/2", "a/x/3", "b/1", "b/2");
    const write = fc.record({ key, value: fc.option(fc.dictionary(fc.string(), fc.jsonValue())) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(write, { minLength: 1, maxLength: 3 }), { maxLength: 15 }),
        async (commits) => {
          const first = await LmdbStore.open(directory);
          await Promise.all(commits.map((commit) => first.commit(commit.map(operation))));
          const { records } = first.list("");
          const { revision } = first;
          await first.close();
          const second = await LmdbStore.open(directory);
          expect(second.list("").records).toEqual(JSON.parse(JSON.stringify(records)));
          expect(second.revision).toBe(revision);
          await second.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  it("goes on behind every revision of its former life, and knows no older changes", async () => {
    const first = await LmdbStore.open(directory);
    await first.commit([put("a/1")]);
    const { revision } = first;
    await first.close();
    const second = await LmdbStore.open(directory);
    expect(() => second.watch("a/", revision - 1, () => {})).toThrow("older than the kept history");
    expect(second.watch("a/", revision, () => {})).toBeTypeOf("function");
    expect(await second.commit([put("a/2")])).toBe(revision + 1);
    await second.close();
  });

  it("refuses writers that come while it closes and after, and keeps what it took before", async () => {
    const first = await LmdbStore.open(directory);
    await first.commit([put("a/1")]);
    const closing = first.close();
    const late = Promise.allSettled([put("a/2"), put("a/3")].map((each) => first.commit([each])));
    await closing;
    await expect(first.commit([put("a/4")])).rejects.toThrow("it is closed");
    const taken = (await late).filter(({ status }) => status === "fulfilled").length;
    const second = await LmdbStore.open(directory);
    expect(second.list("").records).toHaveLength(1 + taken);
    await second.close();
  });

  it("does not give out a revision again after the last object is deleted", async () => {
    const first = await LmdbStore.open(directory);
    await first.commit([put("a/1")]);
    const deleted = await first.commit([{ key: "a/1", value: undefined }]);
    await first.close();
    const second = await LmdbStore.open(directory);
    expect(second.list("").records).toEqual([]);
    expect(second.revision).toBe(deleted);
    await second.close();
  });

  it("keeps commits of many operations whole", async () => {
    const first = await LmdbStore.open(directory);
    const operations = Array.from({ length: 5_000 }, (_, index) => put(`a/${index}`));
    await first.commit(operations);
    await first.close();
    const second = await LmdbStore.open(directory);
    expect(second.count("a/")).toBe(5_000);
    await second.close();
  });
});

describe("an LmdbStore that cannot be opened", () => {
  it("refuses what a newer version wrote, and says so", async () => {
    await (await LmdbStore.open(directory)).close();
    const environment = open({ path: join(directory, "store.mdb") });
    const meta = environment.openDB({ name: "meta", encoding: "json" });
    await meta.put("store", { format: 2, reservedRevision: 5 });
    await environment.close();
    await expect(LmdbStore.open(directory)).rejects.toThrow(
      /written by a newer kubesim \(format 2, .*up to 1\)/,
    );
  });

  it("names a record that is damaged", async () => {
    await (await LmdbStore.open(directory)).close();
    for (const damage of [
      "{",
      "[]",
      '{"format":1,"revision":"x","value":{}}',
      '{"revision":3,"value":null}',
    ]) {
      const environment = open({ path: join(directory, "store.mdb") });
      await environment
        .openDB({ name: "records", encoding: "binary" })
        .put("pods/default/a", Buffer.from(damage));
      await environment.close();
      await expect(LmdbStore.open(directory)).rejects.toThrow("the stored record pods/default/a is damaged");
    }
  });

  it("says which directory is none", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    await expect(LmdbStore.open(file)).rejects.toThrow(`cannot open the store in ${file}: `);
  });
});

describe("an LmdbStore in trouble", () => {
  it("refuses what cannot be stored and leaves everything as it was", async () => {
    const store = await LmdbStore.open(directory);
    await store.commit([put("a/1")]);
    const tooLong = `a/${"x".repeat(5_000)}`;
    await expect(store.commit([put("a/2"), put(tooLong)])).rejects.toThrow("too long to be stored");
    expect(store.list("").records.map(({ key }) => key)).toEqual(["a/1"]);
    const circular: { self?: object } = {};
    circular.self = circular;
    const seen: unknown[] = [];
    store.watch("a/", store.revision, (changes) => {
      seen.push(...changes.map(({ key, after }) => [key, after !== undefined]));
    });
    const unstorable = store.commit([put("a/1", "new"), { key: "a/3", value: () => circular }]);
    await expect(unstorable).rejects.toMatchObject({ reason: "InsufficientStorage" });
    expect(store.list("").records.map(({ key }) => key)).toEqual(["a/1"]);
    expect(store.get("a/1")?.value).toMatchObject({ padding: "" });
    expect(seen.slice(-2)).toEqual([
      ["a/1", true],
      ["a/3", false],
    ]);
    await expect(store.commit([put("a/4")])).rejects.toThrow("until the server is started again");
    await store.close();
    const again = await LmdbStore.open(directory);
    expect(again.list("").records.map(({ key }) => key)).toEqual(["a/1"]);
    await again.close();
  });

  const smallDisk = requirement("a small disk", () =>
    process.getuid?.() === 0 ? undefined : "not run as root",
  );
  it.skipIf(!smallDisk.available)(
    "refuses writes on a full disk, takes deletions, and recovers with room",
    async () => {
      const disk = join(directory, "disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
      try {
        const store = await LmdbStore.open(join(disk, "store"));
        let stored = 0;
        const full = await refusalOf(async () => {
          for (; stored < 10_000; stored++) await store.commit([put(`a/${stored}`, "x".repeat(2_000))]);
        });
        expect(isReason(full, "InsufficientStorage")).toBe(true);
        expect(stored).toBeGreaterThan(100);
        expect(store.count("a/")).toBe(stored);
        for (let index = 0; index < 50; index++)
          await store.commit([{ key: `a/${index}`, value: undefined }]);
        execFileSync("mount", ["-o", "remount,size=32m", disk]);
        await store.commit([put("b/1")]);
        await store.close();
        const again = await LmdbStore.open(join(disk, "store"));
        expect([again.count("a/"), again.count("b/")]).toEqual([stored - 50, 1]);
        await again.close();
      } finally {
        execFileSync("umount", [disk]);
      }
    },
  );
});

async function refusalOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was refused");
}

function operation({ key, value }: { readonly key: string; readonly value: object | null }): Operation {
  return { key, value: value === null ? undefined : (revision) => ({ revision, value }) };
}

function put(key: string, padding = ""): Operation {
  return { key, value: (revision) => ({ revision, padding }) };
}
