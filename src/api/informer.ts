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
 * (client-go's reflector and informer). Works over any Objects. Observers are told when the copy is as it is after all
 * that came at once.
 */
export class Informer<T extends KubeObject> {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #kind: Kind<T>;
  readonly #selection: Selection;
  /** Told one after the other; replaced, not changed, so that who is telling goes on with those there were. */
  #observers: readonly InformerObserver<T>[];
  readonly #cache = new ObjectCache<T>();
  #watch: Watch | undefined;
  #stopped = false;
  #synced: Promise<void> | undefined;

  /** @param observer absent: those who are to be told join later */
  constructor(
    objects: Objects,
    clock: Clock,
    kind: Kind<T>,
    observer?: InformerObserver<T>,
    selection: Selection = {},
  ) {
    this.#objects = objects;
    this.#clock = clock;
    this.#kind = kind;
    this.#observers = observer === undefined ? [] : [observer];
    this.#selection = selection;
  }

  /** Resolves when the first list has been told. Fails only if that first list fails. */
  start(): Promise<void> {
    this.#synced ??= this.#listAndWatch();
    return this.#synced;
  }

  /** Tells one more observer: all there is at once, then every change, after the others. @returns how to leave */
  join(observer: InformerObserver<T>): () => void {
    if (this.#cache.size > 0) {
      for (const object of [...this.#cache.values()]) observer.changed(undefined, object);
      observer.settled?.();
    }
    this.#observers = [...this.#observers, observer];
    return () => {
      this.#observers = this.#observers.filter((other) => other !== observer);
    };
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
    const changes: Changes<T> = [];
    const gone = new Set(this.#cache.values());
    for (const item of items) {
      const known = this.#cache.get(item.metadata);
      if (known !== undefined) gone.delete(known);
      this.#put(item, changes);
    }
    for (const object of gone) this.#remove(object, changes);
    this.#tell(changes);
  }

  #apply(batch: readonly WatchEvent<T>[]): void {
    if (this.#stopped) return;
    const changes: Changes<T> = [];
    let isNews = false;
    for (const event of batch) {
      if (event.type === "BOOKMARK") continue;
      isNews = true;
      if (event.type === "DELETED") this.#remove(event.object, changes);
      else this.#put(event.object, changes);
    }
    if (isNews) this.#tell(changes);
  }

  #put(object: T, changes: Changes<T>): void {
    const before = this.#cache.get(object.metadata);
    if (before?.metadata.resourceVersion === object.metadata.resourceVersion) return;
    this.#cache.set(object);
    // The same name with another uid is another object: its end was missed.
    if (before !== undefined && before.metadata.uid !== object.metadata.uid) {
      changes.push(before, undefined, undefined, object);
    } else changes.push(before, object);
  }

  #remove({ metadata }: T, changes: Changes<T>): void {
    const before = this.#cache.get(metadata);
    if (before === undefined) return;
    this.#cache.delete(metadata);
    changes.push(before, undefined);
  }

  /** One observer's fault must not cost the others their changes. */
  #tell(changes: Changes<T>): void {
    const failures: unknown[] = [];
    for (const observer of this.#observers) {
      try {
        for (let at = 0; at < changes.length; at += 2) observer.changed(changes[at], changes[at + 1]);
        observer.settled?.();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** What changed: before, after, before, after and so on. */
type Changes<T> = (T | undefined)[];
