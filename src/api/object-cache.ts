import type { KubeObject, ObjectKey } from "./meta.ts";

/**
 * Objects of one kind by namespace and name. Two maps deep, because looking up two short texts that are there is
 * cheaper than putting them together first: this is touched several times for every write in the cluster.
 */
export class ObjectCache<T extends KubeObject> {
  readonly #namespaces = new Map<string, Map<string, T>>();
  #size = 0;
  /** The namespace that was last asked for, which is mostly the next one's too, and what is in it. */
  #lastNamespace: string | undefined;
  #lastNamed: Map<string, T> | undefined;

  get size(): number {
    return this.#size;
  }

  get({ namespace = "", name }: ObjectKey): T | undefined {
    return this.#namedIn(namespace)?.get(name);
  }

  /** Puts the object in the place of what has its name. */
  set(object: T): void {
    const { namespace = "", name } = object.metadata;
    let named = this.#namedIn(namespace);
    if (named === undefined) {
      named = new Map();
      this.#namespaces.set(namespace, named);
    }
    const before = named.size;
    named.set(name, object);
    this.#size += named.size - before;
  }

  delete({ namespace = "", name }: ObjectKey): void {
    const named = this.#namedIn(namespace);
    if (named?.delete(name) !== true) return;
    this.#size--;
    if (named.size > 0) return;
    this.#namespaces.delete(namespace);
    this.#lastNamed = undefined;
  }

  #namedIn(namespace: string): Map<string, T> | undefined {
    if (this.#lastNamed === undefined || this.#lastNamespace !== namespace) {
      this.#lastNamespace = namespace;
      this.#lastNamed = this.#namespaces.get(namespace);
    }
    return this.#lastNamed;
  }

  *values(): Generator<T, void, undefined> {
    for (const named of this.#namespaces.values()) yield* named.values();
  }
}
