import { OrderedTree } from "../../lib/ordered-tree.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";

/** A pod that takes room, and when it will give it back (monotonic ms). */
export interface Occupant {
  readonly uid: string;
  readonly node: NodeEntry;
  readonly shape: PodShape;
  readonly endsAtMs: number;
}

/** Where and when a pod that waits will have room. */
export interface Reservation {
  readonly node: NodeEntry;
  readonly atMs: number;
  /** What will be left there at that time beside the pod, by resource. */
  readonly spare: Map<string, number>;
}

interface Ending {
  readonly occupant: Occupant;
  /** Tells apart those that end at one time. */
  readonly serial: number;
}

/** Where the number of pods stands, before the amounts of resources. */
const PODS = 0;

/**
 * The pods of one node whose ends are known, by their ends, with the room that they give back together: when a pod
 * fits is found without a walk through all of them.
 */
export class Endings {
  readonly #node: NodeEntry;
  readonly #byUid = new Map<string, { readonly ending: Ending; readonly id: number }>();
  #resources: string[] = ["cpu", "memory"];
  #tree = this.#newTree();
  #serials = 0;

  constructor(node: NodeEntry) {
    this.#node = node;
  }

  get size(): number {
    return this.#byUid.size;
  }

  add(occupant: Occupant): void {
    const unknown = occupant.shape.resources.filter((name) => !this.#resources.includes(name));
    if (unknown.length > 0) this.#widen(unknown);
    this.#put({ occupant, serial: this.#serials++ });
  }

  remove(uid: string): void {
    const known = this.#byUid.get(uid);
    if (known === undefined) return;
    this.#byUid.delete(uid);
    this.#tree.remove(known.id);
  }

  /** When a pod of this shape fits here first, if nobody else comes; undefined when it never will. */
  reserve(shape: PodShape): Reservation | undefined {
    const node = this.#node;
    const places = shape.resources.map((name) => this.#resources.indexOf(name));
    const lacking = shape.resources.map((name, at) => (shape.amounts[at] as number) - node.free(name));
    // Nobody here gives back what nobody here has.
    const given = (sums: Float64Array, at: number) =>
      places[at] === -1 ? 0 : (sums[(places[at] as number) + 1] as number);
    const last = this.#tree.firstEnough(
      (sums) =>
        node.maxPods - node.podCount + (sums[PODS] as number) > 0 &&
        lacking.every((amount, at) => (shape.amounts[at] as number) === 0 || amount <= given(sums, at)),
    );
    if (last === undefined) return undefined;
    // All that end at one instant give their room back before anybody takes it.
    const atMs = last.occupant.endsAtMs;
    const sums = this.#tree.sumsWhile(({ occupant }) => occupant.endsAtMs <= atMs);
    const spare = new Map(
      this.#resources.map((name, at) => [name, node.free(name) + (sums[at + 1] as number)]),
    );
    for (const [at, name] of shape.resources.entries())
      spare.set(name, given(sums, at) - (lacking[at] as number));
    return { node, atMs, spare };
  }

  #put(ending: Ending): void {
    const { shape, uid } = ending.occupant;
    const numbers = this.#resources.map((name) => shape.amounts[shape.resources.indexOf(name)] ?? 0);
    this.#byUid.set(uid, { ending, id: this.#tree.add(ending, [1, ...numbers]) });
  }

  #widen(resources: readonly string[]): void {
    this.#resources = [...this.#resources, ...resources];
    this.#tree = this.#newTree();
    for (const { ending } of [...this.#byUid.values()]) this.#put(ending);
  }

  #newTree(): OrderedTree<Ending> {
    return new OrderedTree<Ending>(isEarlier, (a, b) => a + b, this.#resources.length + 1);
  }
}

function isEarlier(a: Ending, b: Ending): boolean {
  const [aMs, bMs] = [a.occupant.endsAtMs, b.occupant.endsAtMs];
  return aMs < bMs || (aMs === bMs && a.serial < b.serial);
}
