import { type Change, Compacted } from "./store.ts";

/** The newest changes in order, for watches that start in the past. Older ones are dropped beyond the capacity. */
export class History {
  readonly #capacity: number;
  readonly #ring: Change[] = [];
  /** How many changes were ever pushed; the newest stands at `(#pushed - 1) % capacity`. */
  #pushed = 0;
  #oldestRevision: number;

  /** @param startRevision nothing before it is known */
  constructor(capacity: number, startRevision: number) {
    this.#capacity = Math.max(1, capacity);
    this.#oldestRevision = startRevision;
  }

  /** The earliest revision from which every later change is known. */
  get oldestRevision(): number {
    return this.#oldestRevision;
  }

  push(change: Change): void {
    const index = this.#pushed++ % this.#capacity;
    const dropped = this.#ring[index];
    if (dropped !== undefined) this.#oldestRevision = dropped.revision;
    this.#ring[index] = change;
  }

  /** All changes after a revision, oldest first. Throws `Compacted` when some of them were dropped. */
  after(revision: number): readonly Change[] {
    if (revision < this.#oldestRevision) throw new Compacted(revision, this.#oldestRevision);
    const oldest = Math.max(0, this.#pushed - this.#capacity);
    let low = oldest;
    let high = this.#pushed;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#at(middle).revision <= revision) low = middle + 1;
      else high = middle;
    }
    const changes: Change[] = [];
    for (let position = low; position < this.#pushed; position++) changes.push(this.#at(position));
    return changes;
  }

  #at(position: number): Change {
    return this.#ring[position % this.#capacity] as Change;
  }
}
