import { OrderedTree } from "../../lib/ordered-tree.ts";
import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { PositionTree } from "../placement/position-tree.ts";
import type { Refusal } from "./filter.ts";
import { TOO_MANY_PODS } from "./node-resources-fit.ts";
import { staticRefusal } from "./registry.ts";

/** What all nodes together say to a pod that none of them has room for. */
export interface CountedRefusals {
  /** How many nodes give a reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** So many could not take it even if every other pod left. */
  readonly unresolvable: number;
  /** Where most of the resource at this place is free, among nodes that the pod may use; undefined: there are none. */
  readonly roomiest: (at: number) => NodeEntry | undefined;
}

/** So many kinds of pods are counted for at most. */
const KINDS = 8;

/** Counting anew costs as much as asking every node so often. */
const ASKED_BEFORE = 16;

/** When more has changed than this, asking is cheaper than catching up. */
const CHANGES = 1_024;

/**
 * Answers in O(log n) what every node would say to a pod, as long as only the nodes themselves and room matter to it.
 * In a cluster that is full every waiting pod is to hear that, and they may be as many as the nodes.
 */
export class RefusalCounts {
  readonly #state: ClusterState;
  /** By what tells apart pods that are answered together; those asked for last come last. */
  readonly #kinds = new Map<string, KindCounts>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** Undefined where nodes have to be asked: one of them has room, or there is too much to count. */
  of(shape: PodShape): CountedRefusals | undefined {
    const { indexSignature } = shape;
    const counts = this.#kinds.get(indexSignature) ?? new KindCounts(this.#state, shape);
    this.#kinds.delete(indexSignature);
    this.#kinds.set(indexSignature, counts);
    if (this.#kinds.size > KINDS) this.#kinds.delete(this.#kinds.keys().next().value as string);
    return counts.of(shape);
  }
}

/** Nodes of one size are too small for the same pods. */
interface Size {
  readonly allocatable: Float64Array;
  nodes: number;
}

interface Room {
  readonly node: NodeEntry;
  readonly index: number;
  readonly amount: number;
  /** In the order by room. */
  readonly id: number;
}

/** What has been counted of a node. */
interface Counted {
  readonly specVersion: number;
  readonly refused: Refusal | undefined;
  readonly size: Size;
  readonly isFull: boolean;
  /** By resource; none of a node that is refused whatever room it has. */
  readonly rooms: readonly Room[];
}

/** The counts for pods with equal constraints that ask for the same resources, however much of them. */
class KindCounts {
  readonly #state: ClusterState;
  readonly #shape: PodShape;
  #seen = 0;
  #asked = 0;
  #capacity = 0;
  #nodes: (Counted | undefined)[] = [];
  /** Why nodes are refused whatever room they have. */
  #reasons = new Map<string, number>();
  #refused = 0;
  #full = 0;
  #sizes = new Map<string, Size>();
  /** By resource: the nodes that may be used, most room first. */
  #orders: OrderedTree<Room>[] = [];
  /** Of the nodes that may be used and have a place for one more pod. */
  #withPlace = new PositionTree(0, 0);

  constructor(state: ClusterState, shape: PodShape) {
    this.#state = state;
    this.#shape = shape;
  }

  of(shape: PodShape): CountedRefusals | undefined {
    if (!this.#isCurrent() || this.#withPlace.firstFrom(0, shape.amounts) >= 0) return undefined;
    const reasons = new Map(this.#reasons);
    const usable = this.#orders[0]?.size ?? 0;
    if (this.#full > 0) reasons.set(TOO_MANY_PODS, this.#full);
    for (const [at, order] of this.#orders.entries()) {
      const asked = shape.amounts[at] as number;
      if (asked <= 0) continue;
      const [enough] = order.sumsWhile(({ amount }) => amount >= asked) as unknown as [number];
      if (enough < usable) reasons.set(shape.shortages[at] as string, usable - enough);
    }
    let unresolvable = this.#refused;
    for (const { allocatable, nodes } of this.#sizes.values()) {
      if (allocatable.some((most, at) => (shape.amounts[at] as number) > most)) unresolvable += nodes;
    }
    return { reasons, unresolvable, roomiest: (at) => this.#orders[at]?.first()?.node };
  }

  #isCurrent(): boolean {
    const { nodes, changes } = this.#state;
    const isNear = changes.remembers(this.#seen) && changes.sequence - this.#seen <= CHANGES;
    if (isNear && nodes.length <= this.#capacity) {
      while (this.#seen < changes.sequence) this.#count(nodes, changes.at(this.#seen++));
      return true;
    }
    if (++this.#asked < ASKED_BEFORE) return false;
    this.#countAll(nodes);
    return true;
  }

  #countAll(nodes: readonly (NodeEntry | undefined)[]): void {
    const { resources } = this.#shape;
    this.#asked = 0;
    this.#capacity = Math.ceil(nodes.length * 1.25);
    this.#nodes = [];
    this.#reasons = new Map();
    this.#refused = 0;
    this.#full = 0;
    this.#sizes = new Map();
    this.#orders = resources.map(() => new OrderedTree<Room>(hasMore, (a, b) => a + b, 1));
    this.#withPlace = new PositionTree(this.#capacity, resources.length);
    for (let index = 0; index < nodes.length; index++) this.#count(nodes, index);
    this.#seen = this.#state.changes.sequence;
  }

  /** Counts a node as it is now instead of as it was. */
  #count(nodes: readonly (NodeEntry | undefined)[], index: number): void {
    const node = nodes[index];
    const before = this.#nodes[index];
    if (before !== undefined) this.#add(before, -1);
    if (node === undefined) {
      for (const [at, { id }] of (before?.rooms ?? []).entries()) this.#orders[at]?.remove(id);
      this.#withPlace.clear(index);
      this.#nodes[index] = undefined;
      return;
    }
    const isKnown = before?.specVersion === node.specVersion;
    const refused = isKnown ? before.refused : staticRefusal(this.#shape, node);
    const counted = {
      specVersion: node.specVersion,
      refused,
      size: isKnown ? before.size : this.#sizeOf(node),
      isFull: node.podCount >= node.maxPods,
      rooms: this.#roomsOf(node, index, refused === undefined, before?.rooms ?? []),
    };
    this.#nodes[index] = counted;
    this.#add(counted, 1);
    if (refused !== undefined || counted.isFull) this.#withPlace.clear(index);
    else
      this.#withPlace.set(
        index,
        Float64Array.from(counted.rooms, ({ amount }) => amount),
      );
  }

  #add({ refused, size, isFull }: Counted, sign: 1 | -1): void {
    if (refused === undefined) {
      size.nodes += sign;
      if (isFull) this.#full += sign;
      return;
    }
    this.#refused += sign;
    for (const reason of refused.reasons) {
      const count = (this.#reasons.get(reason) ?? 0) + sign;
      if (count === 0) this.#reasons.delete(reason);
      else this.#reasons.set(reason, count);
    }
  }

  /** Puts the node where it stands by its room now. */
  #roomsOf(node: NodeEntry, index: number, isUsable: boolean, before: readonly Room[]): readonly Room[] {
    const rooms: Room[] = [];
    for (const [at, order] of this.#orders.entries()) {
      const known = before[at];
      const amount = node.room(this.#shape, at);
      if (isUsable && known?.amount === amount) {
        rooms.push(known);
        continue;
      }
      if (known !== undefined) order.remove(known.id);
      if (!isUsable) continue;
      const room = { node, index, amount, id: 0 };
      room.id = order.add(room, ONE);
      rooms.push(room);
    }
    return rooms;
  }

  #sizeOf({ allocatable }: NodeEntry): Size {
    const amounts = Float64Array.from(this.#shape.resources, (name) => allocatable[name] ?? 0);
    const known = this.#sizes.get(amounts.join());
    if (known !== undefined) return known;
    const size = { allocatable: amounts, nodes: 0 };
    this.#sizes.set(amounts.join(), size);
    return size;
  }
}

const ONE = [1];

function hasMore(a: Room, b: Room): boolean {
  return a.amount > b.amount || (a.amount === b.amount && a.index < b.index);
}
