import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Change,
  Compacted,
  type Operation,
  RevisionMismatch,
  type Store,
  type StoredRecord,
} from "../../src/store/store.ts";

/** Makes an empty store; the suite closes it. */
export type StoreFactory = (options: { readonly historyLimit?: number }) => Promise<Store>;

/** What every Store must do (the contract in src/store/store.ts). */
export function describeStore(name: string, create: StoreFactory): void {
  describe(`${name} keeps the contract of a store:`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await create({});
    });

    afterEach(async () => {
      await store.close();
    });

    describeCommits(() => store);
    describeLists(() => store);
    describeWatches(() => store, create);
    it("says the same as a plain map after any commits, in lists, pages, counts and watches", async () => {
      await fc.assert(
        fc.asyncProperty(commitsArbitrary(), (commits) => agreesWithModel(create, commits)),
        {
          numRuns: 25,
        },
      );
    });
  });
}

function describeCommits(current: () => Store): void {
  it("gives every operation the next revision and hands it to the value", async () => {
    const store = current();
    const start = store.revision;
    const last = await store.commit([put("a/1"), put("a/2")]);
    expect(last).toBe(start + 2);
    expect(store.get("a/1")).toEqual({ key: "a/1", value: { revision: start + 1 }, revision: start + 1 });
    expect(store.get("a/2")?.revision).toBe(start + 2);
    expect(store.revision).toBe(start + 2);
  });

  it("shows a commit to readers before it has answered", () => {
    const store = current();
    const committed = store.commit([put("a/1")]);
    expect(store.get("a/1")).toBeDefined();
    return committed;
  });

  it("refuses all of a commit when one expectation does not hold", async () => {
    const store = current();
    await store.commit([put("a/1")]);
    const revision = store.revision;
    const stale = store.commit([put("a/2"), put("a/1", revision - 1)]);
    await expect(stale).rejects.toThrow(RevisionMismatch);
    await expect(store.commit([put("a/1", 0)])).rejects.toMatchObject({ key: "a/1", actual: revision });
    await expect(store.commit([put("a/3", 1)])).rejects.toMatchObject({ actual: 0 });
    expect(store.get("a/2")).toBeUndefined();
    expect(store.revision).toBe(revision);
    await store.commit([put("a/1", revision)]);
    expect(store.get("a/1")?.revision).toBe(revision + 1);
  });

  it("refuses all of a commit when a value cannot be made", async () => {
    const store = current();
    const broken: Operation = {
      key: "a/2",
      value: () => {
        throw new Error("no value");
      },
    };
    await expect(store.commit([put("a/1"), broken])).rejects.toThrow("no value");
    expect(store.get("a/1")).toBeUndefined();
    expect(store.list("").records).toEqual([]);
  });

  it("deletes a key and creates it anew in one commit, as two changes", async () => {
    const store = current();
    await store.commit([put("a/1")]);
    const { revision } = store;
    const seen = collect(store, "a/", revision);
    await store.commit([{ key: "a/1", value: undefined, expected: revision }, put("a/1")]);
    await settled();
    expect(seen.changes.map(({ before, after }) => [before !== undefined, after !== undefined])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(store.list("a/").records).toHaveLength(1);
  });

  it("does nothing for the deletion of what is not there", async () => {
    const store = current();
    const seen = collect(store, "", store.revision);
    await store.commit([remove("a/none")]);
    await settled();
    expect(seen.changes).toEqual([]);
  });
}

function describeLists(current: () => Store): void {
  it("lists in key order whatever the order of creation, with keys of other prefixes left out", async () => {
    const store = current();
    for (const key of ["b/1", "a/n/2", "ab/1", "a/n/10", "a/m/1", "a/n-x/1"]) await store.commit([put(key)]);
    expect(keys(store.list("a/"))).toEqual(["a/m/1", "a/n-x/1", "a/n/10", "a/n/2"]);
    expect(keys(store.list("a/n/"))).toEqual(["a/n/10", "a/n/2"]);
    expect(keys(store.list("a/n"))).toEqual(["a/n-x/1", "a/n/10", "a/n/2"]);
    expect(keys(store.list(""))).toEqual(["a/m/1", "a/n-x/1", "a/n/10", "a/n/2", "ab/1", "b/1"]);
    expect(keys(store.list("c/"))).toEqual([]);
  });

  it("pages from behind the last key, also when that key is gone, and says whether there is more", async () => {
    const store = current();
    for (let index = 0; index < 10; index++) await store.commit([put(`a/${index}`)]);
    const first = store.list("a/", { limit: 4 });
    expect(keys(first)).toEqual(["a/0", "a/1", "a/2", "a/3"]);
    expect(first.more).toBe(true);
    await store.commit([remove("a/3")]);
    const rest = store.list("a/", { after: "a/3", limit: 6 });
    expect(keys(rest)).toEqual(["a/4", "a/5", "a/6", "a/7", "a/8", "a/9"]);
    expect(rest.more).toBe(false);
  });

  it("shows a list, or a page of it, as it was at a revision that it still knows", async () => {
    const store = current();
    const lists = new Map<number, readonly StoredRecord[]>();
    const keysInTurn = ["a/3", "a/1", "b/1", "a/2", "a/1", "a/4", "a/3", "a/5", "a/2", "a/1"];
    for (const [index, key] of keysInTurn.entries()) {
      lists.set(store.revision, store.list("a/").records);
      await store.commit([index > 5 ? remove(key) : put(key), put(index > 7 ? key : "a/0")]);
    }
    for (const [revision, records] of lists) {
      expect(store.list("a/", { revision }).records).toEqual(records);
      const first = store.list("a/", { revision, limit: 2 });
      expect(first).toEqual({ records: records.slice(0, 2), more: records.length > 2 });
      const after = first.records[1]?.key ?? "a/9";
      expect(store.list("a/", { revision, after, limit: 9 }).records).toEqual(records.slice(2));
    }
  });

  it("counts what a prefix holds", async () => {
    const store = current();
    for (const key of ["a/n/1", "a/n/2", "a/m/1"]) await store.commit([put(key)]);
    await store.commit([remove("a/n/1")]);
    expect([store.count("a/"), store.count("a/n/"), store.count("b/"), store.count("")]).toEqual([
      2, 1, 0, 2,
    ]);
  });

  it("finds a key that was deleted and created again, once, between and after lists", async () => {
    const store = current();
    for (let round = 0; round < 3; round++) {
      await store.commit([put("a/1")]);
      expect(keys(store.list("a/"))).toEqual(["a/1"]);
      await store.commit([remove("a/1")]);
      if (round === 1) expect(keys(store.list("a/"))).toEqual([]);
      await store.commit([put("a/1")]);
      await store.commit([put("a/0")]);
      expect(keys(store.list("a/"))).toEqual(["a/0", "a/1"]);
      await store.commit([remove("a/0"), remove("a/1")]);
    }
  });
}

function describeWatches(current: () => Store, create: StoreFactory): void {
  it("tells a watch of changes under its prefix only, after the commit and never inside it", async () => {
    const store = current();
    const seen = collect(store, "a/n/", store.revision);
    const committed = store.commit([put("a/n/1"), put("a/m/1"), put("b/1")]);
    expect(seen.changes).toEqual([]);
    await committed;
    await settled();
    expect(seen.changes.map(({ key }) => key)).toEqual(["a/n/1"]);
    expect(seen.changes[0]).toMatchObject({ before: undefined, after: store.get("a/n/1")?.value });
  });

  it("tells all changes of a turn in one call", async () => {
    const store = current();
    const seen = collect(store, "a/", store.revision);
    await Promise.all([store.commit([put("a/1")]), store.commit([put("a/2")]), store.commit([put("a/1")])]);
    await settled();
    expect(seen.calls).toBe(1);
    expect(seen.changes.map(({ key }) => key)).toEqual(["a/1", "a/2", "a/1"]);
  });

  it("resumes from any revision without a gap and without a repeat", async () => {
    const store = current();
    const start = store.revision;
    for (let index = 0; index < 6; index++) await store.commit([put(`a/${index}`), put(`b/${index}`)]);
    for (let from = start; from <= store.revision; from++) {
      const seen = collect(store, "", from);
      await settled();
      expect(seen.changes.map(({ revision }) => revision)).toEqual(range(from + 1, store.revision));
    }
  });

  it("goes on with new changes where the replay of old ones ended", async () => {
    const store = current();
    const start = store.revision;
    await store.commit([put("a/1")]);
    const pending = store.commit([put("a/2")]);
    const seen = collect(store, "a/", start);
    const later = store.commit([put("a/3")]);
    await Promise.all([pending, later]);
    await settled();
    expect(seen.changes.map(({ key }) => key)).toEqual(["a/1", "a/2", "a/3"]);
  });

  it("tells a watch from now nothing that was committed before it, even if nobody was told yet", async () => {
    const store = current();
    const pending = store.commit([put("a/1")]);
    const seen = collect(store, "a/", store.revision);
    await pending;
    await settled();
    expect(seen.changes).toEqual([]);
  });

  it("goes silent when it is closed, also from within a listener", async () => {
    const store = current();
    let calls = 0;
    const close = store.watch("a/", store.revision, () => {
      calls++;
      close();
    });
    await store.commit([put("a/1")]);
    await settled();
    await store.commit([put("a/2")]);
    await settled();
    expect(calls).toBe(1);
  });

  it("lets a listener commit; everybody sees the changes in one order", async () => {
    const store = current();
    const first: string[] = [];
    const written: Promise<unknown>[] = [];
    store.watch("a/", store.revision, (changes) => {
      for (const { key } of changes) {
        first.push(key);
        if (key === "a/1") written.push(store.commit([put("a/2")]));
      }
    });
    const second = collect(store, "a/", store.revision);
    await store.commit([put("a/1")]);
    await settled();
    await Promise.all(written);
    expect(first).toEqual(["a/1", "a/2"]);
    expect(second.changes.map(({ key }) => key)).toEqual(first);
  });

  it("refuses a watch from before its history, and only from before", async () => {
    const store = await create({ historyLimit: 5 });
    const start = store.revision;
    for (let index = 0; index < 8; index++) await store.commit([put(`a/${index}`)]);
    expect(() => store.watch("a/", start, () => {})).toThrow(Compacted);
    expect(() => store.watch("a/", start + 2, () => {})).toThrow(Compacted);
    expect(store.oldestRevision).toBe(start + 3);
    const seen = collect(store, "a/", start + 3);
    await settled();
    expect(seen.changes.map(({ revision }) => revision)).toEqual(range(start + 4, start + 8));
    await store.close();
  });
}

/** Commits of puts and deletions of few keys, some of them of several operations. */
function commitsArbitrary(): fc.Arbitrary<readonly (readonly { key: string; deletes: boolean }[])[]> {
  const key = fc.constantFrom("a/n/1", "a/n/2", "a/m/1", "a/m/2", "a/m/3", "b/1", "b/2", "c/n/1");
  return fc.array(fc.array(fc.record({ key, deletes: fc.boolean() }), { minLength: 1, maxLength: 3 }), {
    maxLength: 60,
  });
}

async function agreesWithModel(
  create: StoreFactory,
  commits: readonly (readonly { key: string; deletes: boolean }[])[],
): Promise<void> {
  const store = await create({});
  const replayed = new Map<string, number>();
  let lastRevision = store.revision;
  store.watch("", store.revision, (changes) => {
    for (const { key, revision, before, after } of changes) {
      expect(revision).toBeGreaterThan(lastRevision);
      expect(before !== undefined).toBe(replayed.has(key));
      lastRevision = revision;
      if (after === undefined) replayed.delete(key);
      else replayed.set(key, revision);
    }
  });
  const model = new Map<string, number>();
  for (const [index, commit] of commits.entries()) {
    const base = store.revision;
    await store.commit(commit.map(({ key, deletes }) => (deletes ? remove(key) : put(key))));
    for (const [position, { key, deletes }] of commit.entries()) {
      if (deletes) model.delete(key);
      else model.set(key, base + position + 1);
    }
    if (index % 3 === 0) expectSame(store, model);
  }
  expectSame(store, model);
  await settled();
  expect(new Map([...replayed].sort())).toEqual(new Map([...model].sort()));
  await store.close();
}

function expectSame(store: Store, model: ReadonlyMap<string, number>): void {
  for (const prefix of ["", "a/", "a/m/", "b/", "c/n/"]) {
    const expected = [...model]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    expect(store.list(prefix).records.map(({ key, revision }) => [key, revision])).toEqual(expected);
    expect(store.count(prefix)).toBe(expected.length);
    expect(pagedKeys(store, prefix)).toEqual(expected.map(([key]) => key));
  }
}

function pagedKeys(store: Store, prefix: string): string[] {
  const found: string[] = [];
  for (;;) {
    const after = found[found.length - 1];
    const page = store.list(prefix, { limit: 2, ...(after !== undefined && { after }) });
    found.push(...keys(page));
    if (!page.more) return found;
  }
}

function put(key: string, expected?: number): Operation {
  return { key, value: (revision) => ({ revision }), ...(expected !== undefined && { expected }) };
}

function remove(key: string): Operation {
  return { key, value: undefined };
}

function collect(store: Store, prefix: string, from: number): { readonly changes: Change[]; calls: number } {
  const seen = { changes: [] as Change[], calls: 0 };
  store.watch(prefix, from, (changes) => {
    seen.calls++;
    seen.changes.push(...changes);
  });
  return seen;
}

function keys({ records }: { readonly records: readonly { readonly key: string }[] }): string[] {
  return records.map(({ key }) => key);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** Lets every microtask that is due run. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
