import { DEVICE_MILLI, type GpuDemand } from "../../api/gpu.ts";
import type { Random } from "../../lib/random.ts";
import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { type NodeCheck, NodeChecks } from "../filters/node-checks.ts";
import { TypicalPods } from "../fragmentation/typical-pods.ts";
import type { ScoreContext, Strategy } from "../strategy.ts";
import { IndexPool, type OrderedStrategy } from "./index-pool.ts";
import type { PlaceablePod } from "./pod.ts";
import { Scan } from "./scan.ts";
import { CheckSieve, SPENT } from "./sieve.ts";

/** Where a pod goes. */
export interface Placement {
  readonly node: NodeEntry;
  readonly score: number;
  /** How many nodes had room; absent when an index answered and nobody counted. */
  readonly feasible?: number;
  /** The best of those that were compared, the chosen node first; absent when an index answered. */
  readonly top?: readonly { readonly node: NodeEntry; readonly score: number }[];
  /** The GPUs of the node that it gets a part of; absent when it asks for none. */
  readonly devices?: readonly number[];
}

/** Told when a strategy fails to score a node; the node counts as the worst. */
export type OnScoreError = (error: unknown, pod: PlaceablePod, node: NodeEntry) => void;

/**
 * Chooses nodes: the scheduling cycle without its surroundings. Takes no room itself; `ClusterState.assume` does.
 * The same calls on the same state with the same seed give the same choices.
 */
export class Placer {
  readonly #state: ClusterState;
  readonly #checks: NodeChecks;
  readonly #indexes: IndexPool;
  readonly #scan: Scan;
  readonly #context: { -readonly [Key in keyof ScoreContext]: ScoreContext[Key] };
  #last: NodeEntry | undefined;

  constructor(
    state: ClusterState,
    random: Random,
    onScoreError: OnScoreError = ignore,
    checks = new NodeChecks(state),
    typical = new TypicalPods(
      () => shapesIn(state),
      () => state.podsTotal,
    ),
  ) {
    this.#checks = checks;
    this.#state = state;
    this.#indexes = new IndexPool(state);
    this.#scan = new Scan(state, this.#indexes, onScoreError);
    this.#context = {
      random,
      placements: 0,
      lastIndex: -1,
      nodesTotal: 0,
      wishesOf: (pod) => checks.neighbours.wishesOf(pod as PlaceablePod),
      fragmentation: () => typical.fragmentation(this.#context.placements),
    };
  }

  /** What strategies are told beside pod and node. */
  get context(): ScoreContext {
    return this.#context;
  }

  /** The node for the pod by the strategy, and the GPUs there; undefined when no node has room. */
  place(pod: PlaceablePod, strategy: Strategy): Placement | undefined {
    const placement = this.#placeOnNode(pod, strategy);
    if (placement === undefined || pod.shape.gpu === undefined) return placement;
    return { ...placement, devices: devicesOn(placement.node, pod, strategy, this.#context) };
  }

  #placeOnNode(pod: PlaceablePod, strategy: Strategy): Placement | undefined {
    const context = this.#context;
    const { nodes } = this.#state;
    context.nodesTotal = this.#state.nodesTotal;
    context.lastIndex = this.#last === undefined ? -1 : this.#last.index;
    const check = this.#checks.of(pod);
    const nominated = this.#nominated(pod, check);
    if (nominated !== undefined) {
      return this.#chosen({ node: nominated, score: scoreOf(pod, nominated, strategy, context) });
    }
    const found = this.#byIndex(pod, strategy, check);
    if (found === SPENT) return this.#chosen(this.#scan.place(pod, strategy, context, check));
    if (found < 0) return undefined;
    const node = nodes[found] as NodeEntry;
    return this.#chosen({ node, score: scoreOf(pod, node, strategy, context) });
  }

  /** What an index answers: a node, -1 for none, or SPENT when there is no index that can. */
  #byIndex(pod: PlaceablePod, strategy: Strategy, check: NodeCheck): number {
    const context = this.#context;
    // Of the few nodes that a pod is pinned to, an index of its own would be a waste.
    if (!isOrdered(strategy) || pod.shape.constraints.pinnedTo !== undefined) return SPENT;
    const { neighbours } = check;
    if (check.looksAround && (neighbours === undefined || strategy.order.by === "chance")) return SPENT;
    const index = this.#indexes.get(strategy, pod.shape);
    if (!check.looksAround || neighbours === undefined) return index?.choose(pod, context) ?? SPENT;
    const { nodes } = this.#state;
    const found = index?.choose(pod, context, new CheckSieve(nodes, check)) ?? SPENT;
    if (found !== SPENT) return found;
    const byPlace = this.#indexes.getByPlace(strategy, pod.shape, neighbours);
    return byPlace?.choose(pod, context, new CheckSieve(nodes, check)) ?? SPENT;
  }

  /** Where room was made for the pod it goes, if it fits. */
  #nominated({ nominatedNode }: PlaceablePod, check: NodeCheck): NodeEntry | undefined {
    const node = nominatedNode === undefined ? undefined : this.#state.node(nominatedNode);
    return node !== undefined && check.refusal(node) === undefined ? node : undefined;
  }

  #chosen(placement: Placement | undefined): Placement | undefined {
    if (placement === undefined) return undefined;
    this.#context.placements++;
    this.#last = placement.node;
    return placement;
  }
}

function isOrdered(strategy: Strategy): strategy is OrderedStrategy {
  return strategy.order !== undefined;
}

/** The score for the record; asking a strategy of chance again would draw again. */
function scoreOf(pod: PlaceablePod, node: NodeEntry, strategy: Strategy, context: ScoreContext): number {
  return strategy.order?.by === "chance" ? 0 : strategy.score(pod, node, context);
}

function* shapesIn(state: ClusterState): Iterable<PodShape> {
  for (const { shape } of state.tenants()) yield shape;
}

/** What the strategy says of a share; else the best fit. */
function devicesOn(
  node: NodeEntry,
  pod: PlaceablePod,
  { device }: Strategy,
  context: ScoreContext,
): readonly number[] {
  const isShare = (pod.shape.gpu as GpuDemand).milli < DEVICE_MILLI;
  return isShare && device !== undefined ? [device(pod, node, context)] : node.devicesFor(pod.shape);
}

function ignore(): void {}
