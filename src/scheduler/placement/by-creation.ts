import type { CreationOrder, ScoreContext } from "../strategy.ts";
import type { Chooser } from "./chooser.ts";
import type { PlaceablePod } from "./pod.ts";
import { PositionTree } from "./position-tree.ts";
import { ANY_NODE, type Sieve, SPENT } from "./sieve.ts";

/** Answers orders of creation: the first node with room from a place on, coming round. */
export class ByCreation implements Chooser {
  readonly tree: PositionTree;
  readonly #order: CreationOrder;

  constructor(order: CreationOrder, capacity: number, width: number) {
    this.#order = order;
    this.tree = new PositionTree(capacity, width);
  }

  keyOf(): number {
    return 0;
  }

  groupOf(): number {
    return 0;
  }

  choose(pod: PlaceablePod, context: ScoreContext, sieve: Sieve = ANY_NODE): number {
    const from = this.#order.from?.(context) ?? 0;
    const found = this.firstFrom(from, pod, sieve);
    return found === -1 && from > 0 ? this.firstFrom(0, pod, sieve) : found;
  }

  /** The first node from a position on that has room and passes; -1 for none, or SPENT. */
  firstFrom(from: number, { shape: { amounts } }: PlaceablePod, sieve: Sieve): number {
    let at = this.tree.firstFrom(from, amounts);
    while (at >= 0 && !sieve.passes(at)) {
      if (sieve.isSpent) return SPENT;
      at = this.tree.firstFrom(at + 1, amounts);
    }
    return at;
  }
}
