import { ApiError } from "../api/errors.ts";
import { FORMAT, unwrap, wrap } from "./envelope.ts";
import { FreeSpace } from "./free-space.ts";
import { KEPT_KEY, type LmdbFile, META_KEY, openFile, quiet, readFile } from "./lmdb-file.ts";
import { MemoryStore } from "./memory.ts";
import { restamp } from "./restamp.ts";
import type { Change, Operation, Store, StoredPage, StoredRecord, StoreListOptions } from "./store.ts";

/** Revisions are reserved on disk in such steps; a crash skips what is left of one. */
const RESERVED_REVISIONS = 1_000_000;

/** LMDB takes 1,978 bytes; names of objects stay far below. */
const LONGEST_KEY = 900;

export interface LmdbStoreOptions {
  /** Changes kept in memory for watches from the past; default as in MemoryStore. */
  readonly historyLimit?: number;
  /** A small value that is written down with every commit, such as the cluster's own time; see `kept`. */
  readonly keep?: () => unknown;
}

/**
 * A MemoryStore whose commits are also written to one LMDB file; everything is read at the start.
 *
 * A commit is acknowledged when its transaction is synced to disk. When the disk is nearly full, commits are refused
 * before anything happens (InsufficientStorage) and taken again as soon as there is room. When a write fails all the
 * same, what it changed is taken back in memory by changes that watchers see, so that memory never says more than the
 * disk; its promise rejects, and no further write is taken until the server is started again, as the binding is not
 * to be trusted then. Reads and watches go on.
 * The revision never goes back: a new process goes on behind all revisions that the former one had reserved.
 */
export class LmdbStore implements Store {
  readonly #file: LmdbFile;
  readonly #memory: MemoryStore;
  readonly #freeSpace: FreeSpace;
  readonly #keep: (() => unknown) | undefined;
  /** What `keep` said last in the former process; undefined when it had none. */
  readonly kept: unknown;
  #lastKept: string | undefined;
  #reservedRevision: number;
  /** Commits that are in memory but not yet known to be on disk, with the promise of each. */
  readonly #inFlight = new Map<readonly Operation[], Promise<unknown>>();
  readonly #failed: (readonly Operation[])[] = [];
  #recovery: Promise<void> | undefined;
  /** Why no write is taken any more. */
  #broken: ApiError | undefined;

  private constructor(file: LmdbFile, memory: MemoryStore, directory: string, keep?: () => unknown) {
    this.#file = file;
    this.#memory = memory;
    this.#keep = keep;
    this.kept = file.meta.get(KEPT_KEY);
    this.#freeSpace = new FreeSpace(directory);
    this.#reservedRevision = memory.revision;
  }

  /**
   * Opens the store in a directory, which is made if it is not there. One process at a time.
   * @throws Error with a sentence for people when it cannot be used
   */
  static async open(directory: string, options: LmdbStoreOptions = {}): Promise<LmdbStore> {
    const file = await openFile(directory);
    try {
      const memory = new MemoryStore({ ...options, start: readFile(file, directory) });
      const store = new LmdbStore(file, memory, directory, options.keep);
      store.#freeSpace.claim(1, 0, true);
      await store.#reserve(store.revision + RESERVED_REVISIONS);
      return store;
    } catch (error) {
      await file.environment.close();
      throw error;
    }
  }

  get revision(): number {
    return this.#memory.revision;
  }

  get oldestRevision(): number {
    return this.#memory.oldestRevision;
  }

  get(key: string): StoredRecord | undefined {
    return this.#memory.get(key);
  }

  list(prefix: string, options?: StoreListOptions): StoredPage {
    return this.#memory.list(prefix, options);
  }

  count(prefix: string): number {
    return this.#memory.count(prefix);
  }

  watch(prefix: string, fromRevision: number, listener: (changes: readonly Change[]) => void): () => void {
    return this.#memory.watch(prefix, fromRevision, listener);
  }

  async commit(operations: readonly Operation[]): Promise<number> {
    const { revision, durable } = this.begin(operations);
    await durable;
    return revision;
  }

  /** Applies all, as `commit` does before it waits; `durable` says when it is on disk. Throws as `commit` rejects. */
  begin(operations: readonly Operation[]): { readonly revision: number; readonly durable: Promise<void> } {
    if (this.#broken !== undefined) throw this.#broken;
    checkKeys(operations);
    const isDeletion = operations.every(({ value }) => value === undefined);
    this.#freeSpace.claim(operations.length, this.#inFlight.size, isDeletion);
    const revision = this.#memory.apply(operations);
    return { revision, durable: this.#durable(operations, revision) };
  }

  /** Commits that are applied but not known to be on disk. */
  get backlog(): number {
    return this.#inFlight.size;
  }

  async #durable(operations: readonly Operation[], revision: number): Promise<void> {
    const written = this.#write(operations, revision);
    this.#inFlight.set(operations, written);
    try {
      await written;
      this.#inFlight.delete(operations);
    } catch (error) {
      this.#inFlight.delete(operations);
      this.#failed.push(operations);
      this.#broken ??= unwritable(await causeOf(error));
      this.#recovery ??= this.#recover();
      await this.#recovery;
      throw this.#broken;
    }
  }

  async flush(): Promise<void> {
    await this.#drain();
    await this.#writeKept();
  }

  async #drain(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled([...this.#inFlight.values()]);
    await this.#recovery;
  }

  async close(): Promise<void> {
    await this.flush();
    const isWhole = this.#broken === undefined;
    // Who still writes is told; the database must not be touched once it is closed.
    this.#broken ??= unwritable("it is closed");
    await this.#drain();
    // Revisions go on without a gap after a clean end; not being able to say so costs nothing but numbers.
    if (isWhole) await this.#reserve(this.revision).catch(() => undefined);
    await this.#file.environment.close();
  }

  /** Hands a commit to the database; all of it goes into one transaction. */
  async #write(operations: readonly Operation[], revision: number): Promise<unknown> {
    const { environment, records } = this.#file;
    const writes = operations.map(({ key }) => {
      const record = this.#memory.get(key);
      return { key, bytes: record && wrap(record.revision, record.value) };
    });
    if (revision > this.#reservedRevision) quiet(this.#reserve(revision + RESERVED_REVISIONS));
    const kept = this.#keep?.();
    this.#lastKept = JSON.stringify(kept);
    return environment.batch(() => {
      for (const { key, bytes } of writes) quiet(bytes ? records.put(key, bytes) : records.remove(key));
      if (kept !== undefined) quiet(this.#file.meta.put(KEPT_KEY, kept));
    });
  }

  async #writeKept(): Promise<void> {
    const kept = this.#keep?.();
    const text = JSON.stringify(kept);
    if (kept === undefined || this.#broken !== undefined || text === this.#lastKept) return;
    this.#lastKept = text;
    await this.#file.meta.put(KEPT_KEY, kept).then(undefined, () => undefined);
  }

  async #reserve(revision: number): Promise<void> {
    this.#reservedRevision = revision;
    try {
      await this.#file.meta.put(META_KEY, { format: FORMAT, reservedRevision: revision });
    } catch (error) {
      throw unwritable(await causeOf(error));
    }
  }

  /** Brings memory back to what is on disk, once everything that was on its way has arrived or failed. */
  async #recover(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled([...this.#inFlight.values()]);
    const keys = new Set(this.#failed.flatMap((operations) => operations.map(({ key }) => key)));
    this.#memory.apply([...keys].flatMap((key) => this.#undo(key)));
  }

  /** What makes memory say the same as the disk about a key. */
  #undo(key: string): Operation[] {
    const bytes = this.#file.records.get(key);
    const inMemory = this.#memory.get(key);
    if (bytes === undefined) return inMemory === undefined ? [] : [{ key, value: undefined }];
    const onDisk = unwrap(key, bytes);
    if (onDisk.revision === inMemory?.revision) return [];
    return [{ key, value: (revision) => restamp(onDisk.value, revision) }];
  }
}

function checkKeys(operations: readonly Operation[]): void {
  for (const { key } of operations) {
    if (key.length > LONGEST_KEY) throw new Error(`the key is too long to be stored: ${key.slice(0, 64)}…`);
  }
}

/** lmdb rejects with an error that carries the promise of another one, which says why. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { readonly commitError?: Promise<never> };
  if (commitError === undefined) return error;
  try {
    return await commitError;
  } catch (cause) {
    return cause;
  }
}

function unwritable(cause: unknown): ApiError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `the store cannot be written (${why}); it takes no changes until the server is started again`;
  return new ApiError("InsufficientStorage", message);
}
