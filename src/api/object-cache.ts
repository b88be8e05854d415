import type { KubeObject, ObjectKey } from "./meta.ts";

/**
 * Objects of one kind by namespace and name. Two maps deep, because looking up two short texts that are there is
 * cheaper than putting them together first: this is touched several times for every write in the cluster.
 */
export class ObjectCache<T extends KubeObject> {
  readonly #namespaces = new Map<string, Map<string, T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get({ namespace = "", name }: ObjectKey): T | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  /** Puts the object in the place of what has its name. */
  set(object: T): void {
    const { namespace = "", name } = object.metadata;
    let named = this.#namespaces.get(namespace);
    if (named === undefined) {
      named = new Map();
      this.#namespaces.set(namespace, named);
    }
    const before = named.size;
    named.set(name, object);
    this.#size += named.size - before;
  }

  delete({ namespace = "", name }: ObjectKey): void {
    const named = this.#namespaces.get(namespace);
    if (named?.delete(name) !== true) return;
    this.#size--;
    if (named.size === 0) this.#namespaces.delete(namespace);
  }

  *values(): Generator<T, void, undefined> {
    for (const named of this.#namespaces.values()) yield* named.values();
  }
}
