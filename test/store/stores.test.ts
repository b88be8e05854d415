import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { LmdbStore } from "../../src/store/lmdb.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { WriteBehind } from "../../src/store/write-behind.ts";
import { describeStore } from "../conformance/store.ts";

const directories: string[] = [];

describeStore("MemoryStore", async (options) => new MemoryStore(options));
describeStore("LmdbStore", (options) => {
  const directory = mkdtempSync(join(tmpdir(), "kubesim-store-"));
  directories.push(directory);
  return LmdbStore.open(directory, options);
});
describeStore("WriteBehind", async (options) => {
  const directory = mkdtempSync(join(tmpdir(), "kubesim-store-"));
  directories.push(directory);
  return new WriteBehind(await LmdbStore.open(directory, options));
});

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
