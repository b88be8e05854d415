import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { KeyOrder, ScoreContext, Strategy } from "../strategy.ts";
import type { Chooser } from "./chooser.ts";
import { KeyTree } from "./key-tree.ts";
import type { PlaceablePod } from "./pod.ts";

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

  choose(pod: PlaceablePod, context: ScoreContext): number {
    const { amounts } = pod.shape;
    let best = this.tree.first(0, amounts);
    if (this.tree.groups <= 1) return best;
    let bestScore = best < 0 ? Number.NEGATIVE_INFINITY : this.#score(pod, best, context);
    for (let group = 1; group < this.tree.groups; group++) {
      const found = this.tree.first(group, amounts);
      if (found < 0) continue;
      const score = this.#score(pod, found, context);
      if (score < bestScore || (score === bestScore && best >= 0 && best < found)) continue;
      best = found;
      bestScore = score;
    }
    return best;
  }

  #score(pod: PlaceablePod, index: number, context: ScoreContext): number {
    return this.#strategy.score(pod, this.#state.nodes[index] as NodeEntry, context);
  }
}
