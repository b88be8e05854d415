import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { NodeCheck } from "../filters/node-checks.ts";
import { firstFit } from "../strategies/first-fit.ts";
import type { ScoreContext, Strategy } from "../strategy.ts";
import { ByCreation } from "./by-creation.ts";
import type { IndexPool } from "./index-pool.ts";
import type { OnScoreError, Placement } from "./placer.ts";
import type { PlaceablePod } from "./pod.ts";
import { ANY_NODE, CheckSieve, PATIENCE, SPENT } from "./sieve.ts";

/** So many of the best are remembered for `kubesim explain`. */
const TOP = 5;

/** The score of a node that a strategy failed on: the last to be chosen. */
export const UNSCORED = Number.NEGATIVE_INFINITY;

/** Places by scoring every node that has room, or as many of them as the strategy wants to compare. */
export class Scan {
  readonly #state: ClusterState;
  readonly #indexes: IndexPool;
  readonly #onScoreError: OnScoreError;
  /** Where the next search for enough nodes starts. */
  #next = 0;

  constructor(state: ClusterState, indexes: IndexPool, onScoreError: OnScoreError) {
    this.#state = state;
    this.#indexes = indexes;
    this.#onScoreError = onScoreError;
  }

  place(
    pod: PlaceablePod,
    strategy: Strategy,
    context: ScoreContext,
    check: NodeCheck,
  ): Placement | undefined {
    const nodes = this.#feasible(pod, strategy, check);
    if (nodes.length === 0) return undefined;
    const scores = this.#scores(pod, nodes, strategy, context);
    const top = best(nodes, scores, TOP, strategy.ties === "name" ? byName : byCreation);
    const winner = strategy.ties === "random" ? anyOfTheBest(nodes, scores, context) : top[0];
    const { node, score } = winner as Scored;
    const others = top.filter((scored) => scored.node !== node).slice(0, TOP - 1);
    const counted = isFirstEnough(strategy) ? {} : { feasible: nodes.length };
    return { node, score, ...counted, top: [{ node, score }, ...others] };
  }

  /** The nodes to compare, in order of creation from where the search starts. */
  #feasible(pod: PlaceablePod, strategy: Strategy, check: NodeCheck): NodeEntry[] {
    const { pinnedTo } = pod.shape.constraints;
    if (pinnedTo !== undefined) return this.#feasibleAmong(pinnedTo, check);
    const { nodes, nodesTotal } = this.#state;
    const enough = strategy.enough?.(nodesTotal) ?? (isFirstEnough(strategy) ? 1 : nodes.length);
    const start = strategy.enough === undefined || this.#next >= nodes.length ? 0 : this.#next;
    const found: NodeEntry[] = [];
    const following = this.#following(pod, check);
    for (const [from, end] of [
      [start, nodes.length],
      [0, start],
    ] as const) {
      for (let at = following(from); at >= 0 && at < end && found.length < enough; at = following(at + 1)) {
        found.push(nodes[at] as NodeEntry);
      }
    }
    const last = found.at(-1);
    if (last !== undefined && strategy.enough !== undefined && found.length >= enough)
      this.#next = last.index + 1;
    return found;
  }

  #feasibleAmong(names: Iterable<string>, check: NodeCheck): NodeEntry[] {
    const nodes = [...names].flatMap((name) => this.#state.node(name) ?? []);
    return nodes.filter((node) => check.refusal(node) === undefined).sort((a, b) => a.index - b.index);
  }

  /** Gives the first index from a place on whose node passes every filter, or -1. */
  #following(pod: PlaceablePod, check: NodeCheck): (from: number) => number {
    const { nodes } = this.#state;
    const isFeasible = (at: number) => {
      const node = nodes[at];
      return node !== undefined && check.refusal(node) === undefined;
    };
    // Nodes in order of creation are what the index of first-fit lists.
    const chooser = this.#indexes.get(firstFit, pod.shape);
    if (chooser instanceof ByCreation) {
      if (!check.looksAround) return (from) => chooser.firstFrom(from, pod, ANY_NODE);
      return this.#followingAround(pod, check, chooser);
    }
    return (from) => {
      for (let at = from; at < nodes.length; at++) if (isFeasible(at)) return at;
      return -1;
    };
  }

  /** Looks at what has room, and when much of that is refused, at groups of nodes. */
  #followingAround(pod: PlaceablePod, check: NodeCheck, chooser: ByCreation): (from: number) => number {
    const { nodes } = this.#state;
    const { neighbours } = check;
    const sieve = new CheckSieve(nodes, check, neighbours && PATIENCE);
    let byPlace: ((from: number) => number) | undefined;
    return (from) => {
      if (byPlace !== undefined) return byPlace(from);
      const found = chooser.firstFrom(from, pod, sieve);
      if (found !== SPENT) return found;
      const patient = new CheckSieve(nodes, check, Number.POSITIVE_INFINITY);
      byPlace =
        (neighbours && this.#indexes.getByPlace(firstFit, pod.shape, neighbours)?.following(pod, patient)) ??
        ((start) => chooser.firstFrom(start, pod, patient));
      return byPlace(from);
    };
  }

  #scores(
    pod: PlaceablePod,
    nodes: readonly NodeEntry[],
    strategy: Strategy,
    context: ScoreContext,
  ): ArrayLike<number> {
    if (strategy.scoreAll !== undefined) return strategy.scoreAll(pod, nodes, context);
    const scores = new Float64Array(nodes.length);
    const score = () => {
      for (let at = 0; at < nodes.length; at++) {
        scores[at] = this.#score(pod, nodes[at] as NodeEntry, strategy, context);
      }
    };
    if (strategy.withinTime === undefined) score();
    else strategy.withinTime(score);
    return scores;
  }

  /** A strategy's fault must not stop scheduling: whatever it cannot score is the last to be chosen. */
  #score(pod: PlaceablePod, node: NodeEntry, strategy: Strategy, context: ScoreContext): number {
    try {
      const score: unknown = strategy.score(pod, node, context);
      if (typeof score === "number" && !Number.isNaN(score)) return score;
      this.#onScoreError(new Error(`the score is not a number: ${String(score)}`), pod, node);
    } catch (error) {
      this.#onScoreError(error, pod, node);
    }
    return UNSCORED;
  }
}

/** True when the first node that fits is the best. */
function isFirstEnough({ order }: Strategy): boolean {
  return order?.by === "creation" && order.from === undefined;
}

interface Scored {
  readonly node: NodeEntry;
  readonly score: number;
}

/** True when the first of two nodes with equal scores stands before the second. */
type Ties = (a: NodeEntry, b: NodeEntry) => boolean;

const byCreation: Ties = (a, b) => a.index < b.index;
const byName: Ties = (a, b) => a.name < b.name;

/** The `count` highest scores, best first. */
function best(nodes: readonly NodeEntry[], scores: ArrayLike<number>, count: number, ties: Ties): Scored[] {
  const top: Scored[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const candidate = { node: nodes[at] as NodeEntry, score: scores[at] as number };
    if (top.length === count && !isBetter(candidate, top[count - 1] as Scored, ties)) continue;
    let place = top.length;
    while (place > 0 && isBetter(candidate, top[place - 1] as Scored, ties)) place--;
    top.splice(place, 0, candidate);
    if (top.length > count) top.pop();
  }
  return top;
}

function isBetter(a: Scored, b: Scored, ties: Ties): boolean {
  return a.score > b.score || (a.score === b.score && ties(a.node, b.node));
}

/** One of those with the highest score, all equally likely. */
function anyOfTheBest(
  nodes: readonly NodeEntry[],
  scores: ArrayLike<number>,
  { random }: ScoreContext,
): Scored | undefined {
  let winner: Scored | undefined;
  let equals = 0;
  for (let at = 0; at < nodes.length; at++) {
    const score = scores[at] as number;
    if (winner !== undefined && score < winner.score) continue;
    equals = winner !== undefined && score === winner.score ? equals + 1 : 1;
    if (equals === 1 || random.below(equals) === 0) winner = { node: nodes[at] as NodeEntry, score };
  }
  return winner;
}
