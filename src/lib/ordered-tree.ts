const NONE = 0;

/** How the numbers of items are put together: each must be the same whatever comes first. */
export type Combine = (a: number, b: number) => number;

/**
 * Items in an order of their own, each with a few numbers, of which every subtree knows what they come to together
 * (their least, their sum). A treap in flat arrays; its shape changes no answer.
 */
export class OrderedTree<T> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #combine: Combine;
  readonly #width: number;
  /** By id, from 1 on. */
  readonly #items: (T | undefined)[] = [undefined];
  readonly #unused: number[] = [];
  #left = new Int32Array(16);
  #right = new Int32Array(16);
  #own: Float64Array;
  #all: Float64Array;
  #root = NONE;
  #size = 0;
  /** What `#split` gives back. */
  #behind = NONE;

  /**
   * @param before says whether one item stands before another; no two may be equal
   * @param width how many numbers an item has
   */
  constructor(before: (a: T, b: T) => boolean, combine: Combine, width: number) {
    this.#before = before;
    this.#combine = combine;
    this.#width = width;
    this.#own = new Float64Array(16 * width);
    this.#all = new Float64Array(16 * width);
  }

  get size(): number {
    return this.#size;
  }

  /** Puts an item in. Its place must not change while it is in. @returns what to take it out by */
  add(item: T, numbers: ArrayLike<number>): number {
    const id = this.#unused.pop() ?? this.#items.length;
    if (id >= this.#left.length) this.#grow();
    this.#items[id] = item;
    for (let at = 0; at < this.#width; at++) this.#own[id * this.#width + at] = numbers[at] as number;
    this.#root = this.#insert(this.#root, id);
    this.#size++;
    return id;
  }

  /** Takes an item out. */
  remove(id: number): void {
    this.#root = this.#without(this.#root, id);
    this.#items[id] = undefined;
    this.#unused.push(id);
    this.#size--;
  }

  /** The first item of all. */
  first(): T | undefined {
    let at = this.#root;
    while (this.#leftOf(at) !== NONE) at = this.#leftOf(at);
    return this.#items[at];
  }

  /** Where numbers are put together by their least: the first item behind another of which none exceeds its limit. */
  firstWithin(limits: ArrayLike<number>, after?: T): T | undefined {
    return this.#items[this.#search(this.#root, limits, after)];
  }

  /** Where they are put together by their sum: the first item up to which, itself included, the sums are enough. */
  firstEnough(isEnough: (sums: Float64Array) => boolean): T | undefined {
    const before = new Float64Array(this.#width);
    const sums = new Float64Array(this.#width);
    let found = NONE;
    for (let at = this.#root; at !== NONE; ) {
      this.#addUpTo(at, before, sums);
      if (isEnough(sums)) {
        found = at;
        at = this.#leftOf(at);
      } else {
        before.set(sums);
        at = this.#rightOf(at);
      }
    }
    return this.#items[found];
  }

  /** The sums of the items from the first on, as long as `isIn` holds. */
  sumsWhile(isIn: (item: T) => boolean): Float64Array {
    const sums = new Float64Array(this.#width);
    for (let at = this.#root; at !== NONE; ) {
      if (isIn(this.#items[at] as T)) {
        this.#addUpTo(at, sums, sums);
        at = this.#rightOf(at);
      } else at = this.#leftOf(at);
    }
    return sums;
  }

  /** `into` becomes `before` and what a tree node and all on its left have. */
  #addUpTo(id: number, before: Float64Array, into: Float64Array): void {
    const left = this.#leftOf(id) * this.#width;
    for (let at = 0; at < this.#width; at++) {
      const own = this.#own[id * this.#width + at] as number;
      into[at] = (before[at] as number) + own + (left === NONE ? 0 : (this.#all[left + at] as number));
    }
  }

  #search(at: number, limits: ArrayLike<number>, after: T | undefined): number {
    if (at === NONE || !this.#isWithin(this.#all, at, limits)) return NONE;
    const isBehind = after === undefined || this.#before(after, this.#items[at] as T);
    if (isBehind) {
      const found = this.#search(this.#leftOf(at), limits, after);
      if (found !== NONE) return found;
      if (this.#isWithin(this.#own, at, limits)) return at;
    }
    return this.#search(this.#rightOf(at), limits, isBehind ? undefined : after);
  }

  #isWithin(numbers: Float64Array, id: number, limits: ArrayLike<number>): boolean {
    for (let at = 0; at < this.#width; at++) {
      if ((numbers[id * this.#width + at] as number) > (limits[at] as number)) return false;
    }
    return true;
  }

  #insert(at: number, id: number): number {
    if (at === NONE || rankOf(id) > rankOf(at)) {
      this.#left[id] = this.#split(at, this.#items[id] as T);
      this.#right[id] = this.#behind;
      return this.#pulled(id);
    }
    if (this.#before(this.#items[id] as T, this.#items[at] as T)) {
      this.#left[at] = this.#insert(this.#leftOf(at), id);
    } else this.#right[at] = this.#insert(this.#rightOf(at), id);
    return this.#pulled(at);
  }

  /** @returns what stands before the item; what stands behind it is in `#behind` then */
  #split(at: number, item: T): number {
    if (at === NONE) {
      this.#behind = NONE;
      return NONE;
    }
    if (this.#before(this.#items[at] as T, item)) {
      this.#right[at] = this.#split(this.#rightOf(at), item);
      return this.#pulled(at);
    }
    const before = this.#split(this.#leftOf(at), item);
    this.#left[at] = this.#behind;
    this.#behind = this.#pulled(at);
    return before;
  }

  #without(at: number, id: number): number {
    if (at === id) return this.#merge(this.#leftOf(id), this.#rightOf(id));
    if (this.#before(this.#items[id] as T, this.#items[at] as T)) {
      this.#left[at] = this.#without(this.#leftOf(at), id);
    } else this.#right[at] = this.#without(this.#rightOf(at), id);
    return this.#pulled(at);
  }

  #merge(before: number, behind: number): number {
    if (before === NONE) return behind;
    if (behind === NONE) return before;
    if (rankOf(before) > rankOf(behind)) {
      this.#right[before] = this.#merge(this.#rightOf(before), behind);
      return this.#pulled(before);
    }
    this.#left[behind] = this.#merge(before, this.#leftOf(behind));
    return this.#pulled(behind);
  }

  /** Brings what a subtree comes to up to date. */
  #pulled(id: number): number {
    const width = this.#width;
    const [left, right] = [this.#leftOf(id), this.#rightOf(id)];
    for (let at = 0; at < width; at++) {
      let all = this.#own[id * width + at] as number;
      if (left !== NONE) all = this.#combine(all, this.#all[left * width + at] as number);
      if (right !== NONE) all = this.#combine(all, this.#all[right * width + at] as number);
      this.#all[id * width + at] = all;
    }
    return id;
  }

  #leftOf(id: number): number {
    return this.#left[id] as number;
  }

  #rightOf(id: number): number {
    return this.#right[id] as number;
  }

  #grow(): void {
    const capacity = 2 * this.#left.length;
    this.#left = grown(this.#left, new Int32Array(capacity));
    this.#right = grown(this.#right, new Int32Array(capacity));
    this.#own = grown(this.#own, new Float64Array(capacity * this.#width));
    this.#all = grown(this.#all, new Float64Array(capacity * this.#width));
  }
}

function grown<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** A fixed, well mixed number per id (the finaliser of MurmurHash3): higher ones stand nearer to the root. */
function rankOf(id: number): number {
  let hash = id;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
