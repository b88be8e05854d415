import type { RoomTree } from "./room-tree.ts";

/** Less than any request, so that an empty place never fits. */
const NOBODY = -1;

/** A segment tree over nodes in order of creation. */
export class PositionTree implements RoomTree {
  readonly #width: number;
  /** Number of leaves, a power of two; the leaf of node id stands at `#leaves + id`. */
  readonly #leaves: number;
  /** `#width` numbers per tree node: the largest room below it. */
  readonly #largest: Float64Array;

  constructor(capacity: number, width: number) {
    this.#width = width;
    this.#leaves = 1 << Math.ceil(Math.log2(Math.max(2, capacity)));
    this.#largest = new Float64Array(2 * this.#leaves * width).fill(NOBODY);
  }

  set(id: number, room: Float64Array): void {
    const at = (this.#leaves + id) * this.#width;
    for (let resource = 0; resource < this.#width; resource++) {
      this.#largest[at + resource] = Math.max(0, room[resource] as number);
    }
    this.#raise(this.#leaves + id);
  }

  clear(id: number): void {
    const at = (this.#leaves + id) * this.#width;
    this.#largest.fill(NOBODY, at, at + this.#width);
    this.#raise(this.#leaves + id);
  }

  /** The first node from position `from` on that has room, or -1. */
  firstFrom(from: number, amounts: Float64Array): number {
    if (from >= this.#leaves) return -1;
    // Standing at the root is the same as at the first leaf, only nearer to where most answers are.
    let at = from === 0 ? 1 : this.#leaves + from;
    for (;;) {
      if (this.#fits(at, amounts)) {
        if (at >= this.#leaves) return at - this.#leaves;
        at <<= 1;
        continue;
      }
      while ((at & 1) === 1) at >>= 1;
      if (at === 0) return -1;
      at++;
    }
  }

  /** True when this very node has room. */
  fits(id: number, amounts: Float64Array): boolean {
    return id < this.#leaves && this.#fits(this.#leaves + id, amounts);
  }

  #fits(at: number, amounts: Float64Array): boolean {
    const width = this.#width;
    const base = at * width;
    for (let resource = 0; resource < width; resource++) {
      if ((this.#largest[base + resource] as number) < (amounts[resource] as number)) return false;
    }
    return true;
  }

  /** Brings the ancestors up to date, as far up as anything changes. */
  #raise(leaf: number): void {
    const width = this.#width;
    const largest = this.#largest;
    for (let at = leaf >> 1; at >= 1; at >>= 1) {
      let changed = false;
      const base = at * width;
      const left = 2 * base;
      for (let resource = 0; resource < width; resource++) {
        const a = largest[left + resource] as number;
        const b = largest[left + width + resource] as number;
        const most = Math.max(a, b);
        if (most === largest[base + resource]) continue;
        largest[base + resource] = most;
        changed = true;
      }
      if (!changed) return;
    }
  }
}
