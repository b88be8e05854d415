import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { CreationOrder, KeyOrder, ScoreContext, Strategy } from "../strategy.ts";
import { BestOf } from "./best-of.ts";
import type { Chooser } from "./chooser.ts";
import { KeyTree } from "./key-tree.ts";
import type { PlaceGroups } from "./place-groups.ts";
import type { PlaceablePod } from "./pod.ts";
import { ANY_NODE, type Sieve } from "./sieve.ts";

/** So many groups at most; what comes later shares the last, in which every node is asked for itself. */
const MOST_GROUPS = 1_024;

/**
 * Answers orders for pods with rules about the pods around: of every group of nodes that the rules cannot tell apart,
 * one is asked, and the first of each group that may have the pod is compared with those of the others.
 */
export class ByPlace implements Chooser {
  readonly tree: KeyTree;
  readonly #state: ClusterState;
  readonly #strategy: Strategy;
  readonly #order: CreationOrder | KeyOrder;
  readonly #places: PlaceGroups;
  readonly #groups = new Map<string, number>();

  constructor({ state, strategy, order, places }: ByPlaceParts, capacity: number, width: number) {
    this.#state = state;
    this.#strategy = strategy;
    this.#order = order;
    this.#places = places;
    this.tree = new KeyTree(capacity, width);
  }

  keyOf(node: NodeEntry): number {
    return this.#order.by === "key" ? this.#order.key(node) : node.index;
  }

  groupOf(node: NodeEntry): number {
    const kind = this.#order.by === "key" ? (this.#order.group?.(node) ?? "") : "";
    const name = `${kind} ${this.#places.groupOf(node)}`;
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = Math.min(this.#groups.size, MOST_GROUPS);
      this.#groups.set(name, group);
    }
    return group;
  }

  /** True when it has seen so many groups, most of which may be empty, that it should be made anew. */
  get isCrowded(): boolean {
    return this.#groups.size > MOST_GROUPS;
  }

  choose(pod: PlaceablePod, context: ScoreContext, sieve: Sieve = ANY_NODE): number {
    const { amounts } = pod.shape;
    const from = this.#order.by === "creation" ? (this.#order.from?.(context) ?? 0) : 0;
    const best = new BestOf((index) =>
      this.#strategy.score(pod, this.#state.nodes[index] as NodeEntry, context),
    );
    for (const group of this.#open(amounts, sieve)) {
      let found = from > 0 ? this.#passing(this.tree.firstFrom(group, from, amounts), amounts, sieve) : -1;
      if (found < 0) found = this.#passing(this.tree.first(group, amounts), amounts, sieve);
      if (found >= 0) best.offer(found);
    }
    return best.index;
  }

  /** For an order of creation: gives the first node from a position on that has room and passes, or -1. */
  following({ shape: { amounts } }: PlaceablePod, sieve: Sieve): (from: number) => number {
    const groups = this.#open(amounts, sieve).map((group) => ({ group, next: Number.NEGATIVE_INFINITY }));
    let last = 0;
    return (from) => {
      const isBack = from < last;
      last = from;
      let least = Number.POSITIVE_INFINITY;
      for (const one of groups) {
        if (isBack || one.next < from) {
          const found = this.#passing(this.tree.firstFrom(one.group, from, amounts), amounts, sieve);
          one.next = found < 0 ? Number.POSITIVE_INFINITY : found;
        }
        least = Math.min(least, one.next);
      }
      return least === Number.POSITIVE_INFINITY ? -1 : least;
    };
  }

  /** The groups in which there is room for the pod and that its rules do not rule out. */
  #open(amounts: Float64Array, sieve: Sieve): number[] {
    const open: number[] = [];
    for (let group = 0; group < this.tree.groups; group++) {
      const first = this.tree.first(group, amounts);
      if (first >= 0 && (group === MOST_GROUPS || sieve.likesPlaceOf(first))) open.push(group);
    }
    return open;
  }

  /** The node, or the next one of its group that passes. */
  #passing(start: number, amounts: Float64Array, sieve: Sieve): number {
    let at = start;
    while (at >= 0 && !sieve.passes(at)) at = this.tree.next(at, amounts);
    return at;
  }
}

/** What it works with. */
export interface ByPlaceParts {
  readonly state: ClusterState;
  readonly strategy: Strategy;
  readonly order: CreationOrder | KeyOrder;
  readonly places: PlaceGroups;
}
