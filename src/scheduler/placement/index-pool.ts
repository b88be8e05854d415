import type { ClusterState } from "../cache/cluster-state.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import type { Order, Strategy } from "../strategy.ts";
import { ByChance } from "./by-chance.ts";
import { ByCreation } from "./by-creation.ts";
import { ByKey } from "./by-key.ts";
import type { Chooser } from "./chooser.ts";
import { NodeIndex } from "./node-index.ts";

/** So many indexes are kept at most, fewer in very large clusters: all together hold this many nodes. */
const INDEXES = 32;
const INDEXED_NODES = 2_000_000;

/** An index that was not asked for so many placements may make room for another one. */
const IDLE_PLACEMENTS = 1_000;

/** A strategy that an index can answer. */
export type OrderedStrategy = Strategy & { readonly order: Order };

interface Pooled {
  readonly index: NodeIndex;
  lastUse: number;
}

/**
 * One index per order and kind of pod (constraints and resources), made on first use. Their number is bounded: when
 * all are busy a further kind gets none, and its pods are placed by looking at every node.
 */
export class IndexPool {
  readonly #state: ClusterState;
  readonly #byOrder = new Map<Order, Map<string, Pooled>>();
  #size = 0;
  #uses = 0;

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** The index for this kind of pod; undefined when there are too many kinds. */
  get(strategy: OrderedStrategy, shape: PodShape): NodeIndex | undefined {
    this.#uses++;
    const pooled = this.#byOrder.get(strategy.order)?.get(shape.indexSignature);
    if (pooled === undefined) return this.#add(strategy, shape);
    pooled.lastUse = this.#uses;
    return pooled.index;
  }

  #add(strategy: OrderedStrategy, shape: PodShape): NodeIndex | undefined {
    const bound = Math.max(4, Math.min(INDEXES, INDEXED_NODES / (this.#state.nodesTotal + 1)));
    if (this.#size >= bound && !this.#dropIdle()) return undefined;
    const index = new NodeIndex<Chooser>(this.#state, shape, (capacity, width) =>
      makeChooser(this.#state, strategy, capacity, width),
    );
    const kinds = this.#byOrder.get(strategy.order) ?? new Map<string, Pooled>();
    this.#byOrder.set(strategy.order, kinds);
    kinds.set(shape.indexSignature, { index, lastUse: this.#uses });
    this.#size++;
    return index;
  }

  /** Drops the index that was idle longest. @returns false when none was idle long enough */
  #dropIdle(): boolean {
    let oldestUse = this.#uses - IDLE_PLACEMENTS;
    let drop: (() => void) | undefined;
    for (const kinds of this.#byOrder.values()) {
      for (const [signature, { lastUse }] of kinds) {
        if (lastUse >= oldestUse) continue;
        oldestUse = lastUse;
        drop = () => kinds.delete(signature);
      }
    }
    if (drop === undefined) return false;
    drop();
    this.#size--;
    return true;
  }
}

function makeChooser(
  state: ClusterState,
  strategy: OrderedStrategy,
  capacity: number,
  width: number,
): Chooser {
  const { order } = strategy;
  switch (order.by) {
    case "creation":
      return new ByCreation(order, capacity, width);
    case "key":
      return new ByKey(state, strategy, order, capacity, width);
    case "chance":
      return new ByChance(capacity, width);
  }
}
