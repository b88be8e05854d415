import type { ScoreContext } from "../strategy.ts";
import type { Chooser } from "./chooser.ts";
import type { PlaceablePod } from "./pod.ts";
import { PositionTree } from "./position-tree.ts";

/** So many random nodes are tried before all that have room are counted. */
const TRIES = 64;

/**
 * Any node with room, all equally likely: tries nodes at random, which is quick while many have room, and else counts
 * those that do and takes one of them, which is quick when they are few.
 */
export class ByChance implements Chooser {
  readonly tree: PositionTree;
  readonly #capacity: number;

  constructor(capacity: number, width: number) {
    this.#capacity = capacity;
    this.tree = new PositionTree(capacity, width);
  }

  keyOf(): number {
    return 0;
  }

  groupOf(): number {
    return 0;
  }

  choose(pod: PlaceablePod, { random }: ScoreContext): number {
    const { amounts } = pod.shape;
    for (let tried = 0; tried < TRIES; tried++) {
      const index = random.below(this.#capacity);
      if (this.tree.fits(index, amounts)) return index;
    }
    const fitting: number[] = [];
    for (let at = this.tree.firstFrom(0, amounts); at >= 0; at = this.tree.firstFrom(at + 1, amounts)) {
      fitting.push(at);
    }
    return fitting.length === 0 ? -1 : (fitting[random.below(fitting.length)] as number);
  }
}
