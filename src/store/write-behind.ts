import type { LmdbStore } from "./lmdb.ts";
import type { Change, Operation, Store, StoredPage, StoredRecord, StoreListOptions } from "./store.ts";

/** So many commits may be on their way to the disk. */
const BACKLOG_MAX = 2_000;

/**
 * An LMDB store whose commits resolve as soon as they are applied, for a cluster whose time must not move while the
 * disk is busy. Whoever promises durability to others awaits `flush`, which rejects when a commit was lost.
 */
export class WriteBehind implements Store {
  readonly #store: LmdbStore;
  #lost: unknown;

  constructor(store: LmdbStore) {
    this.#store = store;
  }

  get revision(): number {
    return this.#store.revision;
  }

  get oldestRevision(): number {
    return this.#store.oldestRevision;
  }

  /** True when time should wait for the disk. */
  get isFull(): boolean {
    return this.#store.backlog > BACKLOG_MAX;
  }

  get(key: string): StoredRecord | undefined {
    return this.#store.get(key);
  }

  list(prefix: string, options?: StoreListOptions): StoredPage {
    return this.#store.list(prefix, options);
  }

  count(prefix: string): number {
    return this.#store.count(prefix);
  }

  watch(prefix: string, fromRevision: number, listener: (changes: readonly Change[]) => void): () => void {
    return this.#store.watch(prefix, fromRevision, listener);
  }

  async commit(operations: readonly Operation[]): Promise<number> {
    const { revision, durable } = this.#store.begin(operations);
    durable.catch((error: unknown) => {
      this.#lost ??= error;
    });
    return revision;
  }

  /** Waits for the disk, whatever became of the commits. */
  drained(): Promise<void> {
    return this.#store.flush();
  }

  async flush(): Promise<void> {
    await this.#store.flush();
    if (this.#lost !== undefined) throw this.#lost;
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
