import { qualifiedResource, type Status } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import { clusterClocks } from "../api/kinds/cluster-clock.ts";
import type { Draft, KubeObject, ObjectKey } from "../api/meta.ts";
import type {
  CreateOptions,
  DeleteOptions,
  ListOptions,
  ObjectList,
  Objects,
  Patch,
  UpdateOptions,
  Watch,
  WatchObserver,
  WatchOptions,
  WriteOptions,
} from "../api/objects.ts";
import type { HeldClock } from "../clock/held.ts";

const CLOCK = qualifiedResource(clusterClocks);

/**
 * The door by which the outside reaches a cluster on a held clock: every call takes its turn between two instants, so
 * that it sees all work of the one before done, and the answer to a write leaves when `durable` resolves. Calls about
 * the clock itself go through at once.
 */
export class HeldObjects implements Objects {
  readonly #objects: Objects;
  readonly #clock: HeldClock;
  readonly #durable: () => Promise<void>;

  constructor(objects: Objects, clock: HeldClock, durable: () => Promise<void>) {
    this.#objects = objects;
    this.#clock = clock;
    this.#durable = durable;
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.#read(kind, () => this.#objects.get(kind, key));
  }

  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>> {
    return this.#read(kind, () => this.#objects.list(kind, options));
  }

  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions, observer: WatchObserver<T>): Watch {
    return this.#objects.watch(kind, options, observer);
  }

  create<T extends KubeObject>(kind: Kind<T>, draft: Draft<T>, options?: CreateOptions): Promise<T> {
    return this.#write(kind, () => this.#objects.create(kind, draft, options));
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T, options?: UpdateOptions): Promise<T> {
    return this.#write(kind, () => this.#objects.update(kind, object, options));
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: Patch,
    options?: UpdateOptions,
  ): Promise<T> {
    return this.#write(kind, () => this.#objects.patch(kind, key, patch, options));
  }

  delete<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<T | Status> {
    return this.#write(kind, () => this.#objects.delete(kind, key, options));
  }

  act(kind: Kind, key: ObjectKey, action: string, body: unknown, options?: WriteOptions): Promise<unknown> {
    return this.#write(kind, () => this.#objects.act(kind, key, action, body, options));
  }

  async #read<T>(kind: Pick<Kind, "group" | "plural">, call: () => Promise<T>): Promise<T> {
    if (!isClock(kind)) await this.#clock.turn();
    return call();
  }

  async #write<T>(kind: Pick<Kind, "group" | "plural">, call: () => Promise<T>): Promise<T> {
    if (isClock(kind)) return call();
    await this.#clock.turn();
    const result = await call();
    await this.#durable();
    return result;
  }
}

function isClock(kind: Pick<Kind, "group" | "plural">): boolean {
  return qualifiedResource(kind) === CLOCK;
}
