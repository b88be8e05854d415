import type { NeighbourTerm } from "../cache/neighbour-rules.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * Things that are about pods with certain labels, found by one of these labels: a pod comes by those that may be about
 * it, however many there are of others.
 */
export class ByLabel<T> {
  readonly #labelled = new Map<string, Map<string, T>>();
  readonly #others = new Map<string, T>();

  clear(): void {
    this.#labelled.clear();
    this.#others.clear();
  }

  /** @param terms what it is about: pods that meet all of them */
  set(terms: readonly NeighbourTerm[], signature: string, item: T): void {
    const label = labelOf(terms);
    let drawer = label === undefined ? this.#others : this.#labelled.get(label);
    if (drawer === undefined) {
      drawer = new Map();
      this.#labelled.set(label as string, drawer);
    }
    drawer.set(signature, item);
  }

  delete(terms: readonly NeighbourTerm[], signature: string): void {
    const label = labelOf(terms);
    const drawer = label === undefined ? this.#others : this.#labelled.get(label);
    if (drawer?.delete(signature) !== true) return;
    if (label !== undefined && drawer.size === 0) this.#labelled.delete(label);
  }

  /** All that may be about a pod with these labels. */
  *near(labels: Labels): Iterable<T> {
    yield* this.#others.values();
    if (this.#labelled.size === 0) return;
    for (const key in labels) {
      const drawer = this.#labelled.get(`${key}=${labels[key]}`);
      if (drawer !== undefined) yield* drawer.values();
    }
  }
}

/** A label that every pod has which meets the terms; undefined when they name none. */
function labelOf(terms: readonly NeighbourTerm[]): string | undefined {
  for (const { selector } of terms) {
    for (const key in selector?.matchLabels) return `${key}=${selector.matchLabels[key]}`;
  }
  return undefined;
}
