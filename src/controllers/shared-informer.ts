import type { InformerObserver } from "../api/informer.ts";
import type { Kind } from "../api/kind.ts";
import type { LocalCopies, LocalCopy } from "../api/local-copies.ts";
import type { KubeObject, ObjectKey } from "../api/meta.ts";

/** One view of a local copy for many observers, who are told in the order in which they joined. */
export class SharedInformer<T extends KubeObject> {
  readonly kind: Kind<T>;
  readonly #copy: LocalCopy<T>;
  readonly #observers: InformerObserver<T>[] = [];

  constructor(copies: LocalCopies, kind: Kind<T>) {
    this.kind = kind;
    this.#copy = copies.follow(kind, {
      changed: (before, after) => {
        for (const observer of this.#observers) observer.changed(before, after);
      },
      settled: () => {
        for (const observer of this.#observers) observer.settled?.();
      },
    });
  }

  /** Tells the observer all there is, then every change. @returns how to leave again. */
  join(observer: InformerObserver<T>): () => void {
    for (const object of [...this.#copy.values()]) observer.changed(undefined, object);
    this.#observers.push(observer);
    return () => {
      const index = this.#observers.indexOf(observer);
      if (index >= 0) this.#observers.splice(index, 1);
    };
  }

  start(): Promise<void> {
    return this.#copy.start();
  }

  stop(): void {
    this.#copy.stop();
  }

  get(key: ObjectKey): T | undefined {
    return this.#copy.get(key);
  }

  values(): IterableIterator<T> {
    return this.#copy.values();
  }
}
