import type { RoomTree } from "./room-tree.ts";

const NONE = -1;

/**
 * Nodes by ascending key, equal keys by id, one tree per group: treaps in flat arrays, whose shape follows from keys
 * and ids alone. Each tree node knows the largest room of its subtree.
 */
export class KeyTree implements RoomTree {
  readonly #width: number;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #parent: Int32Array;
  /** The group a node is in, NONE when it is in no tree. */
  readonly #group: Int32Array;
  readonly #key: Float64Array;
  readonly #room: Float64Array;
  readonly #largest: Float64Array;
  readonly #roots: number[] = [];

  constructor(capacity: number, width: number) {
    this.#width = width;
    this.#left = new Int32Array(capacity).fill(NONE);
    this.#right = new Int32Array(capacity).fill(NONE);
    this.#parent = new Int32Array(capacity).fill(NONE);
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
      this.#setRoom(id, room);
      this.#pullFrom(id);
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
    const parent = this.#parent[id] as number;
    const rest = this.#merge(this.#left[id] as number, this.#right[id] as number);
    this.#replaceChild(parent, id, rest);
    this.#pullFrom(parent);
    this.#group[id] = NONE;
  }

  /** The first node of a group, by key, that has room, or -1. */
  first(group: number, amounts: Float64Array): number {
    const root = this.#roots[group] ?? NONE;
    return root === NONE || !this.#fits(this.#largest, root, amounts)
      ? NONE
      : this.#firstBelow(root, amounts);
  }

  /** The first node of a group with at least this key that has room, or -1. */
  firstFrom(group: number, key: number, amounts: Float64Array): number {
    let at = this.#roots[group] ?? NONE;
    let start = NONE;
    while (at !== NONE) {
      const isBefore = (this.#key[at] as number) < key;
      if (!isBefore) start = at;
      at = (isBefore ? this.#right[at] : this.#left[at]) as number;
    }
    return start === NONE || this.#fits(this.#room, start, amounts) ? start : this.next(start, amounts);
  }

  /** The node that comes after one, by key in its group, and has room, or -1. */
  next(id: number, amounts: Float64Array): number {
    for (let at = id; at !== NONE; ) {
      const right = this.#right[at] as number;
      if (right !== NONE && this.#fits(this.#largest, right, amounts))
        return this.#firstBelow(right, amounts);
      at = this.#leftBehind(at);
      if (at !== NONE && this.#fits(this.#room, at, amounts)) return at;
    }
    return NONE;
  }

  /** The first with room of a subtree whose sums say that there may be one, or of what comes after it. */
  #firstBelow(root: number, amounts: Float64Array): number {
    let at = root;
    for (;;) {
      const left = this.#left[at] as number;
      if (left === NONE || !this.#fits(this.#largest, left, amounts)) break;
      at = left;
    }
    return this.#fits(this.#room, at, amounts) ? at : this.next(at, amounts);
  }

  /** The nearest ancestor in whose left subtree the node is: what comes next when its own subtree holds nothing. */
  #leftBehind(id: number): number {
    let at = id;
    for (;;) {
      const parent = this.#parent[at] as number;
      if (parent === NONE || this.#left[parent] === at) return parent;
      at = parent;
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

  #insert(id: number): void {
    const rank = rankOf(id);
    let parent = NONE;
    let at = this.#roots[this.#group[id] as number] as number;
    while (at !== NONE && rankOf(at) > rank) {
      parent = at;
      at = (this.#before(id, at) ? this.#left[at] : this.#right[at]) as number;
    }
    this.#parent[id] = parent;
    if (parent === NONE) this.#roots[this.#group[id] as number] = id;
    else if (this.#before(id, parent)) this.#left[parent] = id;
    else this.#right[parent] = id;
    this.#split(at, id);
    this.#pull(id);
    this.#pullFrom(parent);
  }

  /** Splits the subtree at `at` into what comes before `id` and after it, which become its children. */
  #split(at: number, id: number): void {
    let lastBefore = id;
    let lastAfter = id;
    this.#left[id] = NONE;
    this.#right[id] = NONE;
    for (let node = at; node !== NONE; ) {
      if (this.#before(node, id)) {
        if (lastBefore === id) this.#left[id] = node;
        else this.#right[lastBefore] = node;
        this.#parent[node] = lastBefore;
        lastBefore = node;
        node = this.#right[node] as number;
      } else {
        if (lastAfter === id) this.#right[id] = node;
        else this.#left[lastAfter] = node;
        this.#parent[node] = lastAfter;
        lastAfter = node;
        node = this.#left[node] as number;
      }
    }
    if (lastBefore !== id) this.#right[lastBefore] = NONE;
    if (lastAfter !== id) this.#left[lastAfter] = NONE;
    for (let node = lastBefore; node !== id; node = this.#parent[node] as number) this.#pull(node);
    for (let node = lastAfter; node !== id; node = this.#parent[node] as number) this.#pull(node);
  }

  /** One tree of two, all of `a` coming before all of `b`; its root has no parent yet. */
  #merge(a: number, b: number): number {
    let root = NONE;
    let parent = NONE;
    let onRight = false;
    for (;;) {
      const takesA = b === NONE || (a !== NONE && rankOf(a) > rankOf(b));
      const next = takesA ? a : b;
      if (parent === NONE) root = next;
      else if (onRight) this.#right[parent] = next;
      else this.#left[parent] = next;
      if (next !== NONE) this.#parent[next] = parent;
      if (a === NONE || b === NONE) break;
      parent = next;
      onRight = takesA;
      if (takesA) a = this.#right[next] as number;
      else b = this.#left[next] as number;
    }
    for (let node = parent; node !== NONE; node = this.#parent[node] as number) this.#pull(node);
    return root;
  }

  /** Hangs `subtree` where `id` hangs. */
  #replaceChild(parent: number, id: number, subtree: number): void {
    if (subtree !== NONE) this.#parent[subtree] = parent;
    if (parent === NONE) this.#roots[this.#group[id] as number] = subtree;
    else if (this.#left[parent] === id) this.#left[parent] = subtree;
    else this.#right[parent] = subtree;
  }

  /** Brings a subtree and those above it up to date, as far up as anything changes. */
  #pullFrom(id: number): void {
    for (let at = id; at !== NONE && this.#pull(at); at = this.#parent[at] as number);
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
