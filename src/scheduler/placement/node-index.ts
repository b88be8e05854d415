import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { staticRefusal } from "../filters/registry.ts";
import type { Chooser } from "./chooser.ts";
import type { PlaceGroups } from "./place-groups.ts";

/** Makes the chooser for so many nodes and resources; called again when the cluster outgrows it. */
export type MakeChooser<C extends Chooser> = (capacity: number, width: number) => C;

/**
 * The nodes that pass the static filters for one kind of pod, in the order of one strategy. Does nothing until it is
 * asked, and then looks only at the nodes that changed since.
 */
export class NodeIndex<C extends Chooser = Chooser> {
  readonly #state: ClusterState;
  readonly #shape: PodShape;
  readonly #makeChooser: MakeChooser<C>;
  readonly #room: Float64Array;
  readonly #places: PlaceGroups | undefined;
  #placesVersion = 0;
  #builtAt = 0;
  #chooser: C | undefined;
  #seen = 0;
  /** Per node: the specVersion that the verdict below is about; 0 when there is none yet. */
  #specVersions = new Int32Array(0);
  #eligible = new Uint8Array(0);
  #groups = new Int32Array(0);

  /**
   * @param shape any pod of the kind; its amounts do not matter
   * @param places by which nodes are in groups that change with what is counted in places; absent: by the nodes alone
   */
  constructor(state: ClusterState, shape: PodShape, makeChooser: MakeChooser<C>, places?: PlaceGroups) {
    this.#places = places;
    this.#state = state;
    this.#shape = shape;
    this.#makeChooser = makeChooser;
    this.#room = new Float64Array(shape.resources.length);
  }

  /** The chooser, its tree up to date. */
  current(): C {
    const { nodes, changes } = this.#state;
    const chooser = this.#chooser;
    if (chooser === undefined || nodes.length > this.#eligible.length || !changes.remembers(this.#seen)) {
      return this.#rebuild(nodes);
    }
    if (this.#isCrowded(chooser)) return this.#rebuild(nodes);
    if (this.#places !== undefined && this.#placesVersion !== this.#places.version) {
      this.#refreshAll(chooser, nodes);
      return chooser;
    }
    while (this.#seen < changes.sequence) {
      const index = changes.at(this.#seen++);
      this.#refresh(chooser, nodes, index);
      const node = nodes[index];
      if (this.#places === undefined || node === undefined) continue;
      for (const moved of this.#places.movedWith(node)) this.#refresh(chooser, nodes, moved.index);
    }
    return chooser;
  }

  /** Making it anew costs a look at every node, and so many changes have to have paid for that. */
  #isCrowded(chooser: Chooser): boolean {
    return chooser.isCrowded === true && this.#seen - this.#builtAt > this.#groups.length;
  }

  #rebuild(nodes: readonly (NodeEntry | undefined)[]): C {
    const capacity = Math.max(64, Math.ceil(nodes.length * 1.25));
    const chooser = this.#makeChooser(capacity, this.#room.length);
    this.#chooser = chooser;
    this.#specVersions = new Int32Array(capacity);
    this.#eligible = new Uint8Array(capacity);
    this.#groups = new Int32Array(capacity);
    this.#refreshAll(chooser, nodes);
    this.#builtAt = this.#seen;
    return chooser;
  }

  #refreshAll(chooser: C, nodes: readonly (NodeEntry | undefined)[]): void {
    this.#placesVersion = this.#places?.version ?? 0;
    for (let index = 0; index < nodes.length; index++) this.#refresh(chooser, nodes, index);
    this.#seen = this.#state.changes.sequence;
  }

  #refresh(chooser: C, nodes: readonly (NodeEntry | undefined)[], index: number): void {
    const node = nodes[index];
    if (node === undefined) {
      chooser.tree.clear(index);
      return;
    }
    if (node.specVersion !== this.#specVersions[index]) {
      this.#specVersions[index] = node.specVersion;
      this.#eligible[index] = staticRefusal(this.#shape, node) === undefined ? 1 : 0;
      if (this.#places === undefined) this.#groups[index] = chooser.groupOf(node);
    }
    // A node without a place for one more pod is as good as absent.
    if (this.#eligible[index] === 0 || node.podCount >= node.maxPods) {
      chooser.tree.clear(index);
      return;
    }
    const room = this.#room;
    const { allocatable, requested } = node;
    room[0] = (allocatable.cpu as number) - (requested.cpu as number);
    room[1] = (allocatable.memory as number) - (requested.memory as number);
    for (let other = 2; other < room.length; other++) {
      room[other] = node.room(this.#shape, other);
    }
    const group = this.#places === undefined ? (this.#groups[index] as number) : chooser.groupOf(node);
    chooser.tree.set(index, room, chooser.keyOf(node), group);
  }
}
