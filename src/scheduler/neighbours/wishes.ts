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
      if (place !== undefined) sum += weight * tally.by(term.topologyKey).in(place);
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
  const crowds = new Float64Array(nodes.length);
  const scored: NodeView[] = [];
  for (const [at, node] of nodes.entries()) {
    const isScored =
      isByDefault || spreads.every(({ rule }) => placeOf(node, rule.topologyKey) !== undefined);
    if (isScored) scored.push(node);
    else crowds[at] = NOT_SCORED;
  }
  for (const spread of spreads) addCrowds(crowds, spread, nodes, scored);
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let at = 0; at < crowds.length; at++) {
    const crowd = Math.round(crowds[at] as number);
    crowds[at] = crowd;
    if (crowd < 0) continue;
    least = Math.min(least, crowd);
    most = Math.max(most, crowd);
  }
  return crowds.map((crowd) => {
    if (crowd < 0) return 0;
    return most === 0 ? MAX_SCORE : Math.floor((MAX_SCORE * (most + least - crowd)) / most);
  });
}

const NOT_SCORED = Number.NEGATIVE_INFINITY;

/** Adds what one constraint makes of every node: the pods of its place, each by the number of places. */
function addCrowds(
  crowds: Float64Array,
  { rule: { topologyKey, maxSkew }, tally }: Spread,
  nodes: readonly NodeView[],
  scored: readonly NodeView[],
): void {
  const isHost = topologyKey === HOSTNAME;
  const counts = tally.by(topologyKey);
  const weight = Math.log((isHost ? scored.length : placesOf(scored, topologyKey)) + 2);
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as NodeView;
    const place = placeOf(node, topologyKey);
    if (place === undefined) continue;
    const count = isHost ? tally.onNodeNamed(node.name) : counts.in(place);
    crowds[at] = (crowds[at] as number) + count * weight + maxSkew - 1;
  }
}

function placesOf(nodes: readonly NodeView[], topologyKey: string): number {
  const places = new Set<string | undefined>();
  for (const node of nodes) places.add(placeOf(node, topologyKey));
  places.delete(undefined);
  return places.size;
}
