import type { NodeView } from "../strategy.ts";
import type { HeldTerm } from "./held-terms.ts";
import type { Spread } from "./spread.ts";
import { placeOf } from "./tally.ts";

/** What speaks for and against places: wishes of the pod and of its neighbours, and softly wanted spreading. */
export interface Wishes {
  readonly terms: readonly HeldTerm[];
  readonly spreads: readonly Spread[];
  /** The pod has not asked for the spreading: nodes that lack a label are judged by the others. */
  readonly isByDefault: boolean;
}

const MAX_SCORE = 100;
const HOSTNAME = "kubernetes.io/hostname";

/** InterPodAffinity: weights of all pods in the node's places, scaled so that the worst node has 0 and the best 100. */
export function affinityScores({ terms }: Wishes, nodes: readonly NodeView[]): Float64Array {
  const sums = Float64Array.from(nodes, (node) => {
    let sum = 0;
    for (const { term, weight, tally } of terms) {
      const place = placeOf(node, term.topologyKey);
      if (place !== undefined) sum += weight * (tally.by(term.topologyKey).get(place) ?? 0);
    }
    return sum;
  });
  const least = sums.reduce((a, b) => Math.min(a, b), 0);
  const range = sums.reduce((a, b) => Math.max(a, b), 0) - least;
  return sums.map((sum) => (range === 0 ? 0 : Math.trunc((MAX_SCORE * (sum - least)) / range)));
}

/**
 * PodTopologySpread: the fewer pods in the node's places, the better; places of few kinds count less each. Nodes that
 * lack a label score 0.
 */
export function spreadScores({ spreads, isByDefault }: Wishes, nodes: readonly NodeView[]): Float64Array {
  const isScored = (node: NodeView) =>
    isByDefault || spreads.every(({ rule }) => placeOf(node, rule.topologyKey) !== undefined);
  const scored = nodes.filter(isScored);
  const weights = spreads.map(({ rule: { topologyKey } }) => {
    if (topologyKey === HOSTNAME) return Math.log(scored.length + 2);
    const places = new Set(scored.map((node) => placeOf(node, topologyKey)));
    places.delete(undefined);
    return Math.log(places.size + 2);
  });
  const crowd = (node: NodeView) => {
    let sum = 0;
    for (const [at, { rule, tally }] of spreads.entries()) {
      const place = placeOf(node, rule.topologyKey);
      if (place === undefined) continue;
      const isHost = rule.topologyKey === HOSTNAME;
      const count = isHost ? tally.onNodeNamed(node.name) : (tally.by(rule.topologyKey).get(place) ?? 0);
      sum += count * (weights[at] as number) + rule.maxSkew - 1;
    }
    return Math.round(sum);
  };
  const crowds = nodes.map((node) => (isScored(node) ? crowd(node) : -1));
  const known = crowds.filter((sum) => sum >= 0);
  const least = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = known.reduce((a, b) => Math.max(a, b), 0);
  return Float64Array.from(crowds, (sum) => {
    if (sum < 0) return 0;
    return most === 0 ? MAX_SCORE : Math.floor((MAX_SCORE * (most + least - sum)) / most);
  });
}
