import type { ClusterState } from "../cache/cluster-state.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import type { NeighbourCheck } from "../neighbours/neighbour-check.ts";
import type { CreationOrder, KeyOrder, Order, Strategy } from "../strategy.ts";
import { ByChance } from "./by-chance.ts";
import { ByCreation } from "./by-creation.ts";
import { ByKey } from "./by-key.ts";
import { ByPlace } from "./by-place.ts";
import type { Chooser } from "./chooser.ts";
import { NodeIndex } from "./node-index.ts";
import { PlaceGroups } from "./place-groups.ts";

/** So many indexes are kept at most, fewer in very large clusters: all together hold this many nodes. */
const INDEXES = 32;
const INDEXED_NODES = 2_000_000;

/** An index that was not asked for so many placements may make room for another one. */
const IDLE_PLACEMENTS = 1_000;

/** A strategy that an index can answer. */
export type OrderedStrategy = Strategy & { readonly order: Order };

interface Pooled {
  readonly index: NodeIndex;
  /** For pods with rules about the pods around. */
  readonly places?: PlaceGroups;
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

  /** What answers for this kind of pod, up to date; undefined when there are too many kinds. */
  get(strategy: OrderedStrategy, shape: PodShape): Chooser | undefined {
    return this.#pooled(strategy, shape, shape.indexSignature)?.index.current();
  }

  /** As `get`, with the nodes in groups that the pod's neighbours cannot tell apart; undefined also for chance. */
  getByPlace(strategy: OrderedStrategy, shape: PodShape, neighbours: NeighbourCheck): ByPlace | undefined {
    const { order } = strategy;
    if (order.by === "chance") return undefined;
    const signature = `${shape.indexSignature} ${neighbours.signature}`;
    const pooled = this.#pooled(strategy, shape, signature, order);
    pooled?.places?.follow(neighbours.counted);
    return pooled?.index.current() as ByPlace | undefined;
  }

  #pooled(
    strategy: OrderedStrategy,
    shape: PodShape,
    signature: string,
    byPlace?: CreationOrder | KeyOrder,
  ): Pooled | undefined {
    this.#uses++;
    const known = this.#byOrder.get(strategy.order)?.get(signature);
    const pooled = known ?? this.#add(strategy, shape, signature, byPlace);
    if (pooled !== undefined) pooled.lastUse = this.#uses;
    return pooled;
  }

  #add(
    strategy: OrderedStrategy,
    shape: PodShape,
    signature: string,
    byPlace: CreationOrder | KeyOrder | undefined,
  ): Pooled | undefined {
    const bound = Math.max(4, Math.min(INDEXES, INDEXED_NODES / (this.#state.nodesTotal + 1)));
    if (this.#size >= bound && !this.#dropIdle()) return undefined;
    const state = this.#state;
    const places = byPlace && new PlaceGroups(state);
    const make = (capacity: number, width: number): Chooser =>
      byPlace && places
        ? new ByPlace({ state, strategy, order: byPlace, places }, capacity, width)
        : makeChooser(state, strategy, capacity, width);
    const index = new NodeIndex<Chooser>(state, shape, make, places);
    const pooled = { index, ...(places && { places }), lastUse: this.#uses };
    const kinds = this.#byOrder.get(strategy.order) ?? new Map<string, Pooled>();
    this.#byOrder.set(strategy.order, kinds);
    kinds.set(signature, pooled);
    this.#size++;
    return pooled;
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
