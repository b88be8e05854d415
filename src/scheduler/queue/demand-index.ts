import { OrderedTree } from "../../lib/ordered-tree.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { staticRefusal } from "../filters/registry.ts";
import type { PodClass } from "./pod-class.ts";

/** A class, where the pod stands in the queue with which it is to be tried. */
export interface Place {
  readonly podClass: PodClass;
  readonly priority: number;
  /** Place among those of its priority. */
  readonly place: string;
}

/** True when the first stands before the second in the queue. */
export function isAhead(a: Omit<Place, "podClass">, b: Omit<Place, "podClass">): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.place < b.place);
}

/** Classes that ask for the same resources and pass on the same nodes, however much they ask for. */
interface Kind {
  readonly shape: PodShape;
  readonly tree: OrderedTree<Place>;
}

interface Entry {
  readonly place: Place;
  readonly kind: Kind;
  readonly id: number;
}

/**
 * Classes of pods that wait, in the order of the queue, by what they ask for: which is the first that there is room for
 * on a node is found without a look at the others.
 */
export class DemandIndex {
  readonly #kinds = new Map<string, Kind>();
  readonly #entries = new Map<PodClass, Entry>();

  add(podClass: PodClass): void {
    const first = podClass.first();
    if (first === undefined) return;
    const { shape, priority, place } = first.info;
    const { indexSignature, resources, amounts } = shape;
    let kind = this.#kinds.get(indexSignature);
    if (kind === undefined) {
      kind = { shape, tree: new OrderedTree<Place>(isAhead, Math.min, resources.length) };
      this.#kinds.set(indexSignature, kind);
    }
    const standing = { podClass, priority, place };
    this.#entries.set(podClass, { place: standing, kind, id: kind.tree.add(standing, amounts) });
  }

  /** Harmless when it is not in. */
  remove(podClass: PodClass): void {
    const entry = this.#entries.get(podClass);
    if (entry === undefined) return;
    this.#entries.delete(podClass);
    const { kind, id } = entry;
    kind.tree.remove(id);
    if (kind.tree.size === 0) this.#kinds.delete(kind.shape.indexSignature);
  }

  /** Where a class stands; undefined when it is not in. */
  placeOf(podClass: PodClass): Place | undefined {
    return this.#entries.get(podClass)?.place;
  }

  /** The first of all. */
  first(): Place | undefined {
    return this.#firstOfKinds(({ tree }) => tree.first());
  }

  /** The first behind a place that the node has room for and no static filter refuses there. */
  firstFor(node: NodeEntry, after?: Place): Place | undefined {
    if (node.index < 0 || node.podCount >= node.maxPods) return undefined;
    return this.#firstOfKinds(({ shape, tree }) => {
      if (staticRefusal(shape, node) !== undefined) return undefined;
      // Who asks for nothing of a resource fits even where more of it was given than there is.
      const room = shape.resources.map((_, at) => Math.max(0, node.room(shape, at)));
      return tree.firstWithin(room, after);
    });
  }

  #firstOfKinds(firstOf: (kind: Kind) => Place | undefined): Place | undefined {
    let first: Place | undefined;
    for (const kind of this.#kinds.values()) {
      const found = firstOf(kind);
      if (found !== undefined && (first === undefined || isAhead(found, first))) first = found;
    }
    return first;
  }
}
