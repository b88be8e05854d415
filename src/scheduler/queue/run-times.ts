import { PositionTree } from "../placement/position-tree.ts";
import { expectedRunMs } from "./expected-run.ts";
import type { QueuedPod } from "./pod-class.ts";

/** Longer than any pod that ends. */
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER;

/** How long the pods of a class run, by their position in it. */
export class RunTimes {
  readonly #capacity: number;
  readonly #shorterBy: PositionTree;

  constructor(order: readonly QueuedPod[]) {
    this.#capacity = Math.max(64, 2 * order.length);
    this.#shorterBy = new PositionTree(this.#capacity, 1);
    for (const [at, pod] of order.entries()) this.set(at, pod);
  }

  /** @returns false when there is no place for so many */
  set(at: number, { info }: QueuedPod): boolean {
    if (at >= this.#capacity) return false;
    this.#shorterBy.set(at, Float64Array.of(FOR_EVER_MS - expectedRunMs(info.pod)));
    return true;
  }

  /** The pod at this position has left. */
  clear(at: number): void {
    this.#shorterBy.clear(at);
  }

  /** The first position from one on whose pod runs no longer than this; -1 when there is none. */
  firstFrom(start: number, longestMs: number): number {
    return this.#shorterBy.firstFrom(start, Float64Array.of(FOR_EVER_MS - longestMs));
  }
}
