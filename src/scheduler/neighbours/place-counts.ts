/**
 * How many pods there are in each place that one label tells apart. Places without any pods are in it with 0. The least
 * count and the sum are known at any time.
 */
export class PlaceCounts {
  readonly #counts = new Map<string, number>();
  /** By count: so many places have it. */
  readonly #places = new Map<number, number>();
  #least = Number.POSITIVE_INFINITY;
  #sum = 0;

  /** Number of places. */
  get size(): number {
    return this.#counts.size;
  }

  /** Number of pods in all places together. */
  get sum(): number {
    return this.#sum;
  }

  /** The fewest pods in a place; Infinity when there is none. */
  get least(): number {
    return this.#least;
  }

  has(place: string): boolean {
    return this.#counts.has(place);
  }

  /** Pods in a place; 0 in one that is not known. */
  in(place: string): number {
    return this.#counts.get(place) ?? 0;
  }

  /** So many pods more (or less) are in a place, which is listed from then on. */
  add(place: string, count: number): void {
    const before = this.#counts.get(place);
    const after = (before ?? 0) + count;
    this.#counts.set(place, after);
    this.#sum += count;
    if (before === after) return;
    this.#places.set(after, (this.#places.get(after) ?? 0) + 1);
    if (before !== undefined) this.#leave(before);
    if (after < this.#least) this.#least = after;
    else if (before === this.#least && !this.#places.has(before)) this.#least = this.#leastFrom(before);
  }

  /** The fewest pods in a place if one of them had so many more (or less). */
  leastWith(place: string, more: number): number {
    const there = this.#counts.get(place);
    if (there === undefined) return this.#least;
    const isAlone = there === this.#least && this.#places.get(there) === 1;
    return Math.min(there + more, isAlone ? this.#leastFrom(there + 1) : this.#least);
  }

  #leave(count: number): void {
    const left = (this.#places.get(count) as number) - 1;
    if (left === 0) this.#places.delete(count);
    else this.#places.set(count, left);
  }

  /** Counts mostly move by one: few are passed. */
  #leastFrom(count: number): number {
    let least = Number.POSITIVE_INFINITY;
    if (this.#places.has(count)) return count;
    for (const other of this.#places.keys()) if (other >= count) least = Math.min(least, other);
    return least;
  }
}
