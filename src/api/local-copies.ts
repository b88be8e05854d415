import type { Clock } from "../clock/clock.ts";
import { Informer, type InformerObserver } from "./informer.ts";
import type { Kind } from "./kind.ts";
import type { KubeObject, ObjectKey } from "./meta.ts";
import type { Objects } from "./objects.ts";

/** A local copy of a kind as one of those sees it who follow it: empty until it has started. */
export interface LocalCopy<T extends KubeObject> {
  /** Tells the observer all there is, then every change. Fails only if the first list fails. */
  start(): Promise<void>;
  /** Nothing more is told. */
  stop(): void;
  get(key: ObjectKey): T | undefined;
  values(): IterableIterator<T>;
}

/**
 * One local copy of each kind for all parts of a process that follow it (client-go's SharedInformerFactory). Whoever
 * started first is told first, of everything that came at once, before the next one is told of the same; by then the
 * copy is as it will be after all of it.
 */
export class LocalCopies {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #shared = new Map<unknown, Shared<KubeObject>>();

  constructor(objects: Objects, clock: Clock) {
    this.#objects = objects;
    this.#clock = clock;
  }

  /** The copy ends when the last of those who follow it has stopped. */
  follow<T extends KubeObject>(kind: Kind<T>, observer: InformerObserver<T>): LocalCopy<T> {
    const shared = this.#sharedOf(kind);
    const { informer } = shared;
    shared.followers++;
    let leave: (() => void) | undefined;
    let isStarted = false;
    let isStopped = false;
    return {
      start: () => {
        // Whoever is told of what there is may ask for it already.
        isStarted = true;
        if (!isStopped) leave ??= informer.join(observer);
        return informer.start();
      },
      stop: () => {
        if (isStopped) return;
        isStopped = true;
        leave?.();
        if (--shared.followers > 0) return;
        informer.stop();
        this.#shared.delete(kind);
      },
      get: (key) => (isStarted ? informer.get(key) : undefined),
      values: () => (isStarted ? informer.values() : NOTHING.values()),
    };
  }

  #sharedOf<T extends KubeObject>(kind: Kind<T>): Shared<T> {
    const known = this.#shared.get(kind) as unknown as Shared<T> | undefined;
    if (known !== undefined) return known;
    const shared = { informer: new Informer(this.#objects, this.#clock, kind), followers: 0 };
    this.#shared.set(kind, shared as unknown as Shared<KubeObject>);
    return shared;
  }
}

const NOTHING = new Map<string, never>();

interface Shared<T extends KubeObject> {
  readonly informer: Informer<T>;
  followers: number;
}
