const SPLICED_AT_MOST = 32;

/**
 * Keys in order, sorted only when somebody looks: adding and removing cost O(1), and looking costs
 * O(added x log n + n moved pointers) once after changes, then nothing.
 *
 * Removed keys stay in the array until half of it is dead; readers skip what is not alive any more.
 */
export class SortedKeys {
  readonly #isAlive: (key: string) => boolean;
  readonly #allAlive: () => Iterable<string>;
  #sorted: string[] = [];
  #added: string[] = [];
  /** Removals since the last look; an upper bound of the dead keys among `#sorted`. */
  #dead = 0;
  /** Set when so much has changed unseen that starting from scratch is cheaper (and keeps the memory bounded). */
  #stale = false;

  constructor(isAlive: (key: string) => boolean, allAlive: () => Iterable<string>) {
    this.#isAlive = isAlive;
    this.#allAlive = allAlive;
  }

  /** A key that was not alive is alive now. */
  add(key: string): void {
    if (this.#stale) return;
    this.#added.push(key);
    if (this.#added.length > 2 * this.#sorted.length + 1_024) this.#forget();
  }

  /** A key is not alive any more. */
  remove(): void {
    this.#dead++;
  }

  /** All keys in order, dead ones possibly among them. Valid until the next change. */
  look(): readonly string[] {
    if (this.#stale) {
      this.#sorted = [...this.#allAlive()].sort();
      this.#stale = false;
      this.#dead = 0;
      return this.#sorted;
    }
    if (this.#added.length > 0) this.#merge();
    if (this.#dead > 64 && this.#dead * 2 > this.#sorted.length) {
      this.#sorted = this.#sorted.filter(this.#isAlive);
      this.#dead = 0;
    }
    return this.#sorted;
  }

  #forget(): void {
    this.#stale = true;
    this.#added = [];
    this.#sorted = [];
    this.#dead = 0;
  }

  /**
   * Puts the new keys in their places; strings are compared only to find these. A few are spliced in (moving pointers
   * in bulk is cheap), many are merged from the back in one pass.
   */
  #merge(): void {
    const sorted = this.#sorted;
    const fresh = this.#freshKeys();
    if (fresh.length <= SPLICED_AT_MOST) {
      for (const key of fresh) sorted.splice(lowerBound(sorted, key), 0, key);
      return;
    }
    let from = sorted.length - 1;
    let to = from + fresh.length;
    for (let next = fresh.length - 1; next >= 0; next--) {
      const key = fresh[next] as string;
      const position = lowerBound(sorted, key, from + 1);
      for (; from >= position; from--) sorted[to--] = sorted[from] as string;
      sorted[to--] = key;
    }
  }

  /** The added keys in order, without repeats, dead ones and those that `#sorted` still holds from a former life. */
  #freshKeys(): string[] {
    const added = this.#added.sort();
    this.#added = [];
    const sorted = this.#sorted;
    let last: string | undefined;
    return added.filter((key) => {
      if (key === last || !this.#isAlive(key)) return false;
      last = key;
      return sorted[lowerBound(sorted, key)] !== key;
    });
  }
}

/** Index of the first key that is not before the given one. */
export function lowerBound(keys: readonly string[], key: string, length = keys.length): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
