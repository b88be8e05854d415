import type { RoomTree } from "./room-tree.ts";

const NONE = -1;

/**
 * Nodes by ascending key, equal keys by id, one tree per group: treaps in flat arrays, whose shape follows from the
 * ids alone. Each tree node knows the largest room of its subtree.
 */
export class KeyTree implements RoomTree {
  readonly #width: number;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  /** The group a node is in, NONE when it is in no tree. */
  readonly #group: Int32Array;
  readonly #key: Float64Array;
  readonly #room: Float64Array;
  readonly #largest: Float64Array;
  readonly #roots: number[] = [];
  /** Way from the root to where a change happens; reused. */
  #path = new Int32Array(128);
  #depth = 0;

  constructor(capacity: number, width: number) {
    this.#width = width;
    this.#left = new Int32Array(capacity).fill(NONE);
    this.#right = new Int32Array(capacity).fill(NONE);
    this.#group = new Int32Array(capacity).fill(NONE);
    this.#key = new Float64Array(capacity);
    this.#room = new Float64Array(capacity * width);
    this.#largest = new Float64Array(capacity * width);
  }

  /** Groups there are; each has an answer of its own. */
  get groups(): number {
    return this.#roots.length;
  }

  set(id: number, room: Float64Array, key: number, group: number): void {
    if (this.#group[id] === group && this.#key[id] === key) {
      this.#descend(id);
      this.#setRoom(id, room);
      this.#pull(id);
      this.#pullPath();
      return;
    }
    this.clear(id);
    this.#setRoom(id, room);
    this.#key[id] = key;
    this.#group[id] = group;
    while (this.#roots.length <= group) this.#roots.push(NONE);
    this.#insert(id);
  }

  clear(id: number): void {
    if (this.#group[id] === NONE) return;
    this.#descend(id);
    const rest = this.#merge(this.#left[id] as number, this.#right[id] as number);
    this.#link(id, rest);
    this.#pullPath();
    this.#group[id] = NONE;
  }

  /** The first node of a group, by key, that has room, or -1. */
  first(group: number, amounts: Float64Array): number {
    let at = this.#roots[group] ?? NONE;
    if (at === NONE || !this.#fits(this.#largest, at, amounts)) return NONE;
    this.#depth = 0;
    for (;;) {
      // Here the subtree at `at` may hold an answer: what is left of it comes first.
      const left = this.#left[at] as number;
      if (left !== NONE && this.#fits(this.#largest, left, amounts)) {
        this.#push(at);
        at = left;
        continue;
      }
      for (;;) {
        if (this.#fits(this.#room, at, amounts)) return at;
        const right = this.#right[at] as number;
        if (right !== NONE && this.#fits(this.#largest, right, amounts)) {
          at = right;
          break;
        }
        if (this.#depth === 0) return NONE;
        at = this.#path[--this.#depth] as number;
      }
    }
  }

  #fits(rooms: Float64Array, id: number, amounts: Float64Array): boolean {
    const width = this.#width;
    const base = id * width;
    for (let resource = 0; resource < width; resource++) {
      if ((rooms[base + resource] as number) < (amounts[resource] as number)) return false;
    }
    return true;
  }

  #setRoom(id: number, room: Float64Array): void {
    const base = id * this.#width;
    for (let resource = 0; resource < this.#width; resource++) {
      this.#room[base + resource] = Math.max(0, room[resource] as number);
    }
  }

  #before(a: number, b: number): boolean {
    const keyA = this.#key[a] as number;
    const keyB = this.#key[b] as number;
    return keyA < keyB || (keyA === keyB && a < b);
  }

  #push(id: number): void {
    if (this.#depth === this.#path.length) {
      const longer = new Int32Array(2 * this.#depth);
      longer.set(this.#path);
      this.#path = longer;
    }
    this.#path[this.#depth++] = id;
  }

  /** Fills the path with the ancestors of a node that is in. */
  #descend(id: number): void {
    this.#depth = 0;
    let at = this.#roots[this.#group[id] as number] as number;
    while (at !== id) {
      this.#push(at);
      at = (this.#before(id, at) ? this.#left[at] : this.#right[at]) as number;
    }
  }

  /** Hangs `subtree` where `id` hangs, below the end of the path. */
  #link(id: number, subtree: number): void {
    if (this.#depth === 0) {
      this.#roots[this.#group[id] as number] = subtree;
      return;
    }
    const parent = this.#path[this.#depth - 1] as number;
    if (this.#before(id, parent)) this.#left[parent] = subtree;
    else this.#right[parent] = subtree;
  }

  #insert(id: number): void {
    this.#depth = 0;
    const rank = rankOf(id);
    let at = this.#roots[this.#group[id] as number] as number;
    while (at !== NONE && rankOf(at) > rank) {
      this.#push(at);
      at = (this.#before(id, at) ? this.#left[at] : this.#right[at]) as number;
    }
    this.#link(id, id);
    const above = this.#depth;
    this.#split(at, id);
    this.#pullDownTo(above);
    this.#pull(id);
    this.#pullPath();
  }

  /** Splits the subtree at `at` into what comes before `id` and after it, which become its children. */
  #split(at: number, id: number): void {
    let lastBefore = NONE;
    let lastAfter = NONE;
    this.#left[id] = NONE;
    this.#right[id] = NONE;
    for (let node = at; node !== NONE; ) {
      this.#push(node);
      if (this.#before(node, id)) {
        if (lastBefore === NONE) this.#left[id] = node;
        else this.#right[lastBefore] = node;
        lastBefore = node;
        node = this.#right[node] as number;
      } else {
        if (lastAfter === NONE) this.#right[id] = node;
        else this.#left[lastAfter] = node;
        lastAfter = node;
        node = this.#left[node] as number;
      }
    }
    if (lastBefore !== NONE) this.#right[lastBefore] = NONE;
    if (lastAfter !== NONE) this.#left[lastAfter] = NONE;
  }

  /** One tree of two, all of `a` coming before all of `b`. */
  #merge(a: number, b: number): number {
    const above = this.#depth;
    let root = NONE;
    let parent = NONE;
    let onRight = false;
    for (;;) {
      const takeA = b === NONE || (a !== NONE && rankOf(a) > rankOf(b));
      const next = takeA ? a : b;
      if (parent === NONE) root = next;
      else if (onRight) this.#right[parent] = next;
      else this.#left[parent] = next;
      if (a === NONE || b === NONE) break;
      this.#push(next);
      parent = next;
      onRight = takeA;
      if (takeA) a = this.#right[next] as number;
      else b = this.#left[next] as number;
    }
    this.#pullDownTo(above);
    return root;
  }

  /** Recomputes what lies on the path beyond `depth`, from below, and shortens the path to it. */
  #pullDownTo(depth: number): void {
    while (this.#depth > depth) this.#pull(this.#path[--this.#depth] as number);
  }

  /** Recomputes the ancestors, as far up as anything changes. */
  #pullPath(): void {
    while (this.#depth > 0) {
      if (!this.#pull(this.#path[--this.#depth] as number)) return;
    }
  }

  /** Recomputes the largest room of one subtree from its children. @returns whether it changed */
  #pull(id: number): boolean {
    const width = this.#width;
    const largest = this.#largest;
    const base = id * width;
    const left = (this.#left[id] as number) * width;
    const right = (this.#right[id] as number) * width;
    let changed = false;
    for (let resource = 0; resource < width; resource++) {
      let most = this.#room[base + resource] as number;
      if (left >= 0) most = Math.max(most, largest[left + resource] as number);
      if (right >= 0) most = Math.max(most, largest[right + resource] as number);
      if (most === largest[base + resource]) continue;
      largest[base + resource] = most;
      changed = true;
    }
    return changed;
  }
}

/** A fixed, well mixed number per node (the finaliser of MurmurHash3): higher ones stand nearer to the root. */
function rankOf(id: number): number {
  let hash = id + 1;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
