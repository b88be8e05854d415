import type { Phase } from "./clock.ts";

/** What comes due at an instant, in a phase of it, in the order in which it was asked for. */
export interface Dated {
  readonly atMs: number;
  readonly phase: Phase;
  readonly order: number;
}

/**
 * What is due, the earliest on top. The instants stand in an array of their own: of the tens of thousands of timers of
 * a large cluster few are at the same one, so that hardly an object is looked at to keep the order.
 */
export class DueHeap<T extends Dated> {
  readonly #items: T[] = [];
  readonly #instants: number[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    const instants = this.#instants;
    const { atMs } = item;
    let index = items.length;
    items.push(item);
    instants.push(atMs);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const parentMs = instants[parent] as number;
      if (atMs > parentMs) break;
      const above = items[parent] as T;
      if (atMs === parentMs && !isFirst(item, above)) break;
      items[index] = above;
      instants[index] = parentMs;
      index = parent;
    }
    items[index] = item;
    instants[index] = atMs;
  }

  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    const lastMs = this.#instants.pop();
    if (items.length > 0) this.#sink(last as T, lastMs as number);
    return top;
  }

  #sink(item: T, atMs: number): void {
    const items = this.#items;
    const instants = this.#instants;
    const count = items.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      let childMs = instants[child] as number;
      if (child + 1 < count) {
        const otherMs = instants[child + 1] as number;
        const isOther =
          otherMs < childMs || (otherMs === childMs && isFirst(items[child + 1] as T, items[child] as T));
        if (isOther) {
          child++;
          childMs = otherMs;
        }
      }
      if (atMs < childMs) break;
      const below = items[child] as T;
      if (atMs === childMs && isFirst(item, below)) break;
      items[index] = below;
      instants[index] = childMs;
      index = child;
    }
    items[index] = item;
    instants[index] = atMs;
  }
}

/** Of two of one instant. */
function isFirst(a: Dated, b: Dated): boolean {
  return a.phase === b.phase ? a.order < b.order : a.phase < b.phase;
}
