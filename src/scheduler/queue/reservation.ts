import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { staticRefusal } from "../filters/registry.ts";
import { Endings, type Occupant, type Reservation } from "./endings.ts";

/** Who takes room until when, on all nodes, as long as they are there. */
export class Occupants {
  readonly #byNode = new Map<NodeEntry, Endings>();
  readonly #byUid = new Map<string, Occupant>();
  /** The one that was gone last: who is only described anew goes and comes at once. */
  #left: Occupant | undefined;

  constructor(state: ClusterState) {
    state.observe({
      came: ({ uid }, node) => {
        if (this.#left?.uid === uid && this.#left.node === node) this.add(this.#left);
        this.#left = undefined;
      },
      went: ({ uid }) => this.#remove(uid),
    });
  }

  /** Somebody takes room until a certain time; who never ends is of no interest. */
  add(occupant: Occupant): void {
    if (occupant.endsAtMs === Number.POSITIVE_INFINITY) return;
    const { node, uid } = occupant;
    const endings = this.#byNode.get(node) ?? new Endings(node);
    this.#byNode.set(node, endings);
    this.#byUid.set(uid, occupant);
    endings.add(occupant);
  }

  /** The node on which a pod of this shape fits first, if nobody else comes; undefined when it never will. */
  reserve(shape: PodShape): Reservation | undefined {
    let first: Reservation | undefined;
    for (const [node, endings] of this.#byNode) {
      if (node.index < 0 || staticRefusal(shape, node) !== undefined) continue;
      const found = endings.reserve(shape);
      if (found !== undefined && (first === undefined || isBefore(found, first))) first = found;
    }
    return first;
  }

  #remove(uid: string): void {
    const occupant = this.#byUid.get(uid);
    this.#left = occupant;
    if (occupant === undefined) return;
    this.#byUid.delete(uid);
    const endings = this.#byNode.get(occupant.node) as Endings;
    endings.remove(uid);
    if (endings.size === 0) this.#byNode.delete(occupant.node);
  }
}

function isBefore(a: Reservation, b: Reservation): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.node.index < b.node.index);
}
