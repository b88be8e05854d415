import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { KeyOrder, ScoreContext, Strategy } from "../strategy.ts";
import { BestOf } from "./best-of.ts";
import type { Chooser } from "./chooser.ts";
import { KeyTree } from "./key-tree.ts";
import type { PlaceablePod } from "./pod.ts";
import { ANY_NODE, type Sieve, SPENT } from "./sieve.ts";

/** Answers orders by key: the first of each group that has room, and of these the one with the highest score. */
export class ByKey implements Chooser {
  readonly tree: KeyTree;
  readonly #state: ClusterState;
  readonly #strategy: Strategy;
  readonly #order: KeyOrder;
  readonly #groups = new Map<string, number>();

  constructor(state: ClusterState, strategy: Strategy, order: KeyOrder, capacity: number, width: number) {
    this.#state = state;
    this.#strategy = strategy;
    this.#order = order;
    this.tree = new KeyTree(capacity, width);
  }

  keyOf(node: NodeEntry): number {
    return this.#order.key(node);
  }

  groupOf(node: NodeEntry): number {
    if (this.#order.group === undefined) return 0;
    const name = this.#order.group(node);
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = this.#groups.size;
      this.#groups.set(name, group);
    }
    return group;
  }

  choose(pod: PlaceablePod, context: ScoreContext, sieve: Sieve = ANY_NODE): number {
    const best = new BestOf((index) =>
      this.#strategy.score(pod, this.#state.nodes[index] as NodeEntry, context),
    );
    for (let group = 0; group < this.tree.groups; group++) {
      const found = this.#first(group, pod.shape.amounts, sieve);
      if (found === SPENT) return SPENT;
      if (found >= 0) best.offer(found);
    }
    return best.index;
  }

  #first(group: number, amounts: Float64Array, sieve: Sieve): number {
    let at = this.tree.first(group, amounts);
    while (at >= 0 && !sieve.passes(at)) {
      if (sieve.isSpent) return SPENT;
      at = this.tree.next(at, amounts);
    }
    return at;
  }
}
