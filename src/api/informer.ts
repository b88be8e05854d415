import type { Clock } from "../clock/clock.ts";
import { isReason } from "./errors.ts";
import type { Kind } from "./kind.ts";
import type { KubeObject, ObjectKey } from "./meta.ts";
import { ObjectCache } from "./object-cache.ts";
import type { Objects, Selection, Watch, WatchEvent } from "./objects.ts";

/** What an informer tells, in the store's order. */
export interface InformerObserver<T extends KubeObject> {
  /** `before` is absent when the object is new here, `after` when it is gone. */
  changed(before: T | undefined, after: T | undefined): void;
  /** Called after every batch of changes; the place to do one piece of work for many changes. */
  settled?(): void;
}

/** Waits this long before it lists again after a failure; the server may be restarting. */
const RELIST_DELAY_MS = 500;

/**
 * A local copy of a kind that follows the server: list, then watch, and list again whenever the watch ends
 * (client-go's reflector and informer). Works over any Objects.
 */
export class Informer<T extends KubeObject> {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #kind: Kind<T>;
  readonly #selection: Selection;
  readonly #observer: InformerObserver<T>;
  readonly #cache = new ObjectCache<T>();
  #watch: Watch | undefined;
  #stopped = false;
  #synced: Promise<void> | undefined;

  constructor(
    objects: Objects,
    clock: Clock,
    kind: Kind<T>,
    observer: InformerObserver<T>,
    selection: Selection = {},
  ) {
    this.#objects = objects;
    this.#clock = clock;
    this.#kind = kind;
    this.#observer = observer;
    this.#selection = selection;
  }

  /** Resolves when the first list has been told. Fails only if that first list fails. */
  start(): Promise<void> {
    this.#synced ??= this.#listAndWatch();
    return this.#synced;
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.close();
  }

  get(key: ObjectKey): T | undefined {
    return this.#cache.get(key);
  }

  values(): IterableIterator<T> {
    return this.#cache.values();
  }

  get size(): number {
    return this.#cache.size;
  }

  async #listAndWatch(): Promise<void> {
    const list = await this.#objects.list(this.#kind, this.#selection);
    if (this.#stopped) return;
    this.#replace(list.items);
    // No bookmarks: it never resumes a watch, it lists again.
    this.#watch = this.#objects.watch(
      this.#kind,
      { ...this.#selection, resourceVersion: list.resourceVersion },
      { events: (batch) => this.#apply(batch), closed: () => this.#relist() },
    );
  }

  #relist(): void {
    if (this.#stopped) return;
    this.#listAndWatch().catch((error: unknown) => {
      // The server is away or overloaded: whatever the reason, the only cure is to ask again.
      const delayMs = isReason(error, "Expired") ? 0 : RELIST_DELAY_MS;
      this.#clock.after(delayMs, () => this.#relist());
    });
  }

  #replace(items: readonly T[]): void {
    const gone = new Set(this.#cache.values());
    for (const item of items) {
      const known = this.#cache.get(item.metadata);
      if (known !== undefined) gone.delete(known);
      this.#put(item);
    }
    for (const object of gone) this.#remove(object);
    this.#observer.settled?.();
  }

  #apply(batch: readonly WatchEvent<T>[]): void {
    if (this.#stopped) return;
    let isNews = false;
    for (const event of batch) {
      if (event.type === "BOOKMARK") continue;
      isNews = true;
      if (event.type === "DELETED") this.#remove(event.object);
      else this.#put(event.object);
    }
    if (isNews) this.#observer.settled?.();
  }

  #put(object: T): void {
    const before = this.#cache.get(object.metadata);
    if (before?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    // The same name with another uid is another object: its end was missed.
    if (before !== undefined && before.metadata.uid !== object.metadata.uid) {
      this.#cache.delete(object.metadata);
      this.#observer.changed(before, undefined);
      this.#cache.set(object);
      this.#observer.changed(undefined, object);
      return;
    }
    this.#cache.set(object);
    this.#observer.changed(before, object);
  }

  #remove({ metadata }: T): void {
    const before = this.#cache.get(metadata);
    if (before === undefined) return;
    this.#cache.delete(metadata);
    this.#observer.changed(before, undefined);
  }
}
