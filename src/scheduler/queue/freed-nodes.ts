import { Heap } from "../../lib/heap.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodInfo } from "../pod-info.ts";
import { type DemandIndex, isAhead, type Place } from "./demand-index.ts";

/** Whether a pod passes all filters on a node now. */
export type MayFit = (info: PodInfo, node: NodeEntry) => boolean;

interface Candidate {
  readonly node: NodeEntry;
  readonly place: Place;
}

/** So many candidates that are in force no more are kept without a thought. */
const STALE = 64;

/**
 * Nodes that have more room than when pods were put aside, each with the first class that may fit there now. Only these
 * classes need to be tried, and only when it is their turn: what goes before them may take the room.
 */
export class FreedNodes {
  readonly #index: DemandIndex;
  readonly #mayFit: MayFit;
  #candidates = newHeap();
  /** The candidate in force of each node; others in the heap are of before. */
  readonly #byNode = new Map<NodeEntry, Candidate>();

  constructor(index: DemandIndex, mayFit: MayFit) {
    this.#index = index;
    this.#mayFit = mayFit;
  }

  /** The node may take more: all that wait may fit there. */
  add(node: NodeEntry): void {
    this.#look(node, undefined);
  }

  /** The first class of all that may fit somewhere now. */
  first(): Place | undefined {
    for (;;) {
      const candidate = this.#candidates.peek();
      if (candidate === undefined) return undefined;
      const { node, place } = candidate;
      const isInForce = this.#byNode.get(node) === candidate;
      if (isInForce && this.#index.placeOf(place.podClass) === place && this.#fits(place, node)) return place;
      this.#candidates.pop();
      // Those before it did not fit when they had their turn, and nobody has got more room since.
      if (isInForce) this.#look(node, place);
    }
  }

  #look(node: NodeEntry, after: Place | undefined): void {
    let place = this.#index.firstFor(node, after);
    while (place !== undefined && !this.#fits(place, node)) place = this.#index.firstFor(node, place);
    if (place === undefined) {
      this.#byNode.delete(node);
      return;
    }
    const candidate = { node, place };
    this.#byNode.set(node, candidate);
    this.#candidates.push(candidate);
    if (this.#candidates.size <= 2 * this.#byNode.size + STALE) return;
    this.#candidates = newHeap();
    for (const inForce of this.#byNode.values()) this.#candidates.push(inForce);
  }

  #fits({ podClass }: Place, node: NodeEntry): boolean {
    const first = podClass.first();
    return node.index >= 0 && first !== undefined && this.#mayFit(first.info, node);
  }
}

function newHeap(): Heap<Candidate> {
  return new Heap<Candidate>((a, b) => isAhead(a.place, b.place));
}
