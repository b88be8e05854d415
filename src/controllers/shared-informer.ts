import { Informer, type InformerObserver } from "../api/informer.ts";
import type { Kind } from "../api/kind.ts";
import type { KubeObject, ObjectKey } from "../api/meta.ts";
import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";

/** One informer for many observers, who are told in the order in which they joined. */
export class SharedInformer<T extends KubeObject> {
  readonly kind: Kind<T>;
  readonly #informer: Informer<T>;
  readonly #observers: InformerObserver<T>[] = [];

  constructor(objects: Objects, clock: Clock, kind: Kind<T>) {
    this.kind = kind;
    this.#informer = new Informer(objects, clock, kind, {
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
    for (const object of [...this.#informer.values()]) observer.changed(undefined, object);
    this.#observers.push(observer);
    return () => {
      const index = this.#observers.indexOf(observer);
      if (index >= 0) this.#observers.splice(index, 1);
    };
  }

  start(): Promise<void> {
    return this.#informer.start();
  }

  stop(): void {
    this.#informer.stop();
  }

  get(key: ObjectKey): T | undefined {
    return this.#informer.get(key);
  }

  values(): IterableIterator<T> {
    return this.#informer.values();
  }
}
