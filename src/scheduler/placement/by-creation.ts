import type { CreationOrder, ScoreContext } from "../strategy.ts";
import type { Chooser } from "./chooser.ts";
import type { PlaceablePod } from "./pod.ts";
import { PositionTree } from "./position-tree.ts";

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

  choose(pod: PlaceablePod, context: ScoreContext): number {
    const { amounts } = pod.shape;
    const from = this.#order.from?.(context) ?? 0;
    const found = this.tree.firstFrom(from, amounts);
    return found < 0 && from > 0 ? this.tree.firstFrom(0, amounts) : found;
  }
}
