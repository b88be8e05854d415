/**
 * The seam under Objects: a versioned map of immutable values with watch.
 *
 * Contract (one conformance suite, test/conformance/store.ts, runs over every implementation):
 * - One revision for the whole store, strictly rising, also over restarts. Every operation takes the next one, so
 *   that a watch can resume between any two changes; a commit of many operations is still applied and stored as one.
 * - Reads answer at once from memory and see every commit that has been applied.
 * - `commit` applies all operations or none. It applies them before it returns its promise; the promise resolves once
 *   they are durable (memory: at once; LMDB: in a committed transaction) and rejects when they cannot be made so.
 *   An operation whose `expected` does not hold against what was there before the commit makes it reject
 *   with `RevisionMismatch`, and nothing is applied. A key may come twice: deleted, then created anew, or changed,
 *   then deleted.
 * - Watches are ordered, unique and gap-free; a start older than the kept history throws `Compacted`.
 *   Listeners are called in a microtask after the commit, with all commits since, never inside it.
 */
export interface Store {
  /** Revision of the last operation; 0 for an empty store. */
  readonly revision: number;
  /** Watches from this revision or a later one miss nothing. */
  readonly oldestRevision: number;
  get(key: string): StoredRecord | undefined;
  /** Records whose key starts with the prefix, in key order. */
  list(prefix: string, options?: StoreListOptions): StoredPage;
  /** How many keys start with the prefix; cheap for a whole kind. */
  count(prefix: string): number;
  /** @returns the revision of the last operation */
  commit(operations: readonly Operation[]): Promise<number>;
  watch(prefix: string, fromRevision: number, listener: (changes: readonly Change[]) => void): () => void;
  /** Resolves once everything applied so far is durable. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A value must be plain JSON data and is never changed after it was handed in. */
export type StoredValue = object;

export interface StoredRecord {
  readonly key: string;
  readonly value: StoredValue;
  /** Revision of the operation that wrote it. */
  readonly revision: number;
}

export interface StoreListOptions {
  /** Begin behind this key. */
  readonly after?: string;
  readonly limit?: number;
  /** Show what was there at this revision; `Compacted` when it is older than the kept history. */
  readonly revision?: number;
}

export interface StoredPage {
  readonly records: readonly StoredRecord[];
  readonly more: boolean;
}

export interface Operation {
  readonly key: string;
  /** The new value as a function of the operation's revision (objects carry it), or undefined to delete. */
  readonly value: ((revision: number) => StoredValue) | undefined;
  /** The record's revision that this operation is based on; 0: must not exist; absent: whatever is there. */
  readonly expected?: number;
}

export interface Change {
  readonly key: string;
  readonly revision: number;
  /** Absent for a creation. */
  readonly before: StoredValue | undefined;
  /** Revision of the operation that wrote `before`; 0 for a creation. */
  readonly beforeRevision: number;
  /** Absent for a deletion. */
  readonly after: StoredValue | undefined;
}

/** A commit was based on something that is not there any more. */
export class RevisionMismatch extends Error {
  readonly key: string;
  /** What is there: 0 when nothing is. */
  readonly actual: number;

  constructor(key: string, expected: number, actual: number) {
    super(`${key}: expected revision ${expected}, found ${actual}`);
    this.key = key;
    this.actual = actual;
  }
}

/** Somebody asked for changes that are not kept any more. */
export class Compacted extends Error {
  readonly oldestRevision: number;

  constructor(fromRevision: number, oldestRevision: number) {
    super(`revision ${fromRevision} is older than the kept history, which starts at ${oldestRevision}`);
    this.oldestRevision = oldestRevision;
  }
}
