import { History } from "./history.ts";
import { Listeners } from "./listeners.ts";
import { pageBefore } from "./past-page.ts";
import { lowerBound, SortedKeys } from "./sorted-keys.ts";
import {
  type Change,
  type Operation,
  RevisionMismatch,
  type Store,
  type StoredPage,
  type StoredRecord,
  type StoredValue,
  type StoreListOptions,
} from "./store.ts";

/** So many changes are kept for watches that resume; older ones end with `Compacted`. */
const DEFAULT_HISTORY_LIMIT = 100_000;

export interface MemoryStoreOptions {
  /** Changes kept for watches from the past; default 100,000. */
  readonly historyLimit?: number;
  /** What is there at the start, with the revision to go on from. */
  readonly start?: { readonly revision: number; readonly records: Iterable<StoredRecord> };
}

/** All records whose key has the same first segment. */
class Table {
  /** What their keys begin with: `pods/`. */
  readonly prefix: string;
  readonly records = new Map<string, StoredRecord>();
  readonly keys = new SortedKeys(
    (key) => this.records.has(key),
    () => this.records.keys(),
  );

  constructor(prefix: string) {
    this.prefix = prefix;
  }
}

/**
 * A Store in this process's memory; durable for as long as it lives.
 *
 * Keys are `<table>/<rest>`. A commit costs O(1) per operation; order is made when somebody lists (see SortedKeys).
 */
export class MemoryStore implements Store {
  readonly #tables = new Map<string, Table>();
  readonly #listeners = new Listeners();
  readonly #history: History;
  #revision: number;
  #lastTable: Table | undefined;

  constructor(options: MemoryStoreOptions = {}) {
    const { historyLimit = DEFAULT_HISTORY_LIMIT, start } = options;
    this.#revision = start?.revision ?? 0;
    this.#history = new History(historyLimit, this.#revision);
    for (const record of start?.records ?? []) this.#load(record);
  }

  get revision(): number {
    return this.#revision;
  }

  get oldestRevision(): number {
    return this.#history.oldestRevision;
  }

  get(key: string): StoredRecord | undefined {
    return this.#tableOf(key)?.records.get(key);
  }

  list(prefix: string, options: StoreListOptions = {}): StoredPage {
    const { after, limit = Number.POSITIVE_INFINITY, revision = this.#revision } = options;
    if (revision < this.#revision) {
      const since = this.#history.after(revision).filter(({ key }) => key.startsWith(prefix));
      const live = this.#listNow(prefix, after, limit + since.length);
      return pageBefore(since, live, after, limit);
    }
    return this.#listNow(prefix, after, limit);
  }

  count(prefix: string): number {
    const isTable = prefix !== "" && prefix.indexOf("/") === prefix.length - 1;
    return isTable ? (this.#tables.get(prefix)?.records.size ?? 0) : this.list(prefix).records.length;
  }

  commit(operations: readonly Operation[]): Promise<number> {
    try {
      return Promise.resolve(this.apply(operations));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** What `commit` does, at once. @throws RevisionMismatch */
  apply(operations: readonly Operation[]): number {
    for (const { key, expected } of operations) {
      if (expected === undefined) continue;
      const actual = this.get(key)?.revision ?? 0;
      if (actual !== expected) throw new RevisionMismatch(key, expected, actual);
    }
    const base = this.#revision;
    // All values are made before the first is stored: a value that cannot be made leaves everything as it was.
    const values = operations.map(({ value }, index) => value?.(base + index + 1));
    for (let index = 0; index < operations.length; index++) {
      this.#put((operations[index] as Operation).key, values[index], base + index + 1);
    }
    this.#revision = base + operations.length;
    return this.#revision;
  }

  watch(prefix: string, fromRevision: number, listener: (changes: readonly Change[]) => void): () => void {
    const backlog =
      fromRevision === this.#revision
        ? []
        : this.#history.after(fromRevision).filter((change) => change.key.startsWith(prefix));
    const afterRevision = Math.max(fromRevision, this.#revision);
    const table = prefix.includes("/") ? tableName(prefix) : "";
    return this.#listeners.add(table, prefix, backlog, afterRevision, listener);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #listNow(prefix: string, after: string | undefined, limit: number): StoredPage {
    const records: StoredRecord[] = [];
    for (const table of this.#tablesOf(prefix)) {
      const keys = table.keys.look();
      let index = lowerBound(keys, prefix);
      if (after !== undefined && after >= prefix) {
        index = lowerBound(keys, after);
        if (keys[index] === after) index++;
      }
      for (; index < keys.length; index++) {
        const key = keys[index] as string;
        if (!key.startsWith(prefix)) break;
        const record = table.records.get(key);
        if (record === undefined) continue;
        if (records.length >= limit) return { records, more: true };
        records.push(record);
      }
    }
    return { records, more: false };
  }

  #load(record: StoredRecord): void {
    const table = this.#tableFor(record.key);
    table.records.set(record.key, record);
    table.keys.add(record.key);
  }

  #put(key: string, after: StoredValue | undefined, revision: number): void {
    const table = this.#tableFor(key);
    const replaced = table.records.get(key);
    const before = replaced?.value;
    if (after === undefined) {
      if (before === undefined) return;
      table.records.delete(key);
      table.keys.remove();
    } else {
      table.records.set(key, { key, value: after, revision });
      if (before === undefined) table.keys.add(key);
    }
    const change: Change = { key, revision, before, beforeRevision: replaced?.revision ?? 0, after };
    this.#history.push(change);
    this.#listeners.push(table.prefix, change);
  }

  /** The table of a key; writes and reads come in runs of one kind, so the last one is asked first. */
  #tableOf(key: string): Table | undefined {
    const last = this.#lastTable;
    if (last !== undefined && key.startsWith(last.prefix)) return last;
    const table = this.#tables.get(tableName(key));
    this.#lastTable = table ?? last;
    return table;
  }

  #tableFor(key: string): Table {
    const known = this.#tableOf(key);
    if (known !== undefined) return known;
    const table = new Table(tableName(key));
    this.#tables.set(table.prefix, table);
    return table;
  }

  /** The tables that can hold keys with a prefix, in key order. */
  #tablesOf(prefix: string): Table[] {
    if (prefix.includes("/")) {
      const table = this.#tables.get(tableName(prefix));
      return table === undefined ? [] : [table];
    }
    const names = [...this.#tables.keys()].filter((name) => name.startsWith(prefix)).sort();
    return names.map((name) => this.#tables.get(name) as Table);
  }
}

/** `pods/` of `pods/default/web`. */
function tableName(key: string): string {
  return key.slice(0, key.indexOf("/") + 1);
}
