import type { NeighbourTerm } from "../cache/neighbour-rules.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";
import { type Refusal, unresolvable } from "../filters/filter.ts";
import type { HeldTerm } from "./held-terms.ts";
import { fewest, type Spread } from "./spread.ts";
import { placeOf, type Tally } from "./tally.ts";

const SPREAD: Refusal = {
  reasons: ["node(s) didn't match pod topology spread constraints"],
  unresolvable: false,
};
const NO_LABEL = unresolvable(
  "node(s) didn't match pod topology spread constraints (missing required label)",
);
const AFFINITY = unresolvable("node(s) didn't match pod affinity rules");
const ANTI: Refusal = { reasons: ["node(s) didn't match pod anti-affinity rules"], unresolvable: false };
const EXISTING: Refusal = {
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  unresolvable: false,
};

/** A term of the pod and the pods that meet it. */
export interface CountedTerm {
  readonly term: NeighbourTerm;
  readonly matches: (pod: Tenant) => boolean;
  readonly tally: Tally;
}

/** What a rule counts in places. */
export interface CountedPlaces {
  readonly topologyKey: string;
  readonly tally: Tally;
  /** True when every pod more in a place matters, and not only the first. */
  readonly isBalanced: boolean;
}

/** Everything that a pod's rules, and those of others about it, have to be compared with. */
export interface Surroundings {
  readonly self: Tenant;
  readonly spreads: readonly Spread[];
  /** All of them are about the pods that meet every term. */
  readonly affinity: readonly CountedTerm[];
  readonly antiAffinity: readonly CountedTerm[];
  /** Required anti-affinity that pods on nodes have against this one. */
  readonly held: readonly HeldTerm[];
}

/** Pods to be thought onto a node, and away from it. */
export interface Moves {
  readonly come: readonly Tenant[];
  readonly gone: ReadonlySet<Tenant>;
}

const NOBODY: readonly Tenant[] = [];

/** Nobody is thought away. */
export const NONE_GONE: ReadonlySet<Tenant> = new Set();
const AS_IT_IS: Moves = { come: NOBODY, gone: NONE_GONE };

/**
 * The filters PodTopologySpread and InterPodAffinity for one pod, in this order (kube-scheduler, plugins/
 * podtopologyspread and plugins/interpodaffinity). Counts are looked up; a node costs a few of these.
 */
export class NeighbourCheck {
  /** Equal for pods that count the same things, if they also have the same constraints. */
  readonly signature: string;
  readonly #around: Surroundings;
  readonly #fewest: readonly number[];
  readonly #selfMatches: readonly number[];

  constructor(around: Surroundings) {
    this.#around = around;
    const held = around.held.map(({ term }) => term.signature).join();
    this.signature = `${around.self.shape.rules?.signature ?? ""} ${held}`;
    this.#fewest = around.spreads.map((spread) => fewest(spread));
    this.#selfMatches = around.spreads.map(({ matches }) => (matches(around.self) ? 1 : 0));
  }

  /** Whatever it looks at: nodes in places with equal counts get equal answers. */
  get counted(): readonly CountedPlaces[] {
    const { spreads, affinity, antiAffinity, held } = this.#around;
    return [
      ...spreads.map(({ rule, tally }) => ({ topologyKey: rule.topologyKey, tally, isBalanced: true })),
      ...[...affinity, ...antiAffinity, ...held].map(({ term, tally }) => ({
        topologyKey: term.topologyKey,
        tally,
        isBalanced: false,
      })),
    ];
  }

  /** True when the node is ruled out as things are. */
  isRefusedNow(node: NodeEntry): boolean {
    return this.refusal(node, AS_IT_IS) !== undefined;
  }

  refusal(node: NodeEntry, moves: Moves): Refusal | undefined {
    return this.#spreadRefusal(node, moves) ?? this.#affinityRefusal(node, moves);
  }

  #spreadRefusal(node: NodeEntry, moves: Moves): Refusal | undefined {
    for (const [at, spread] of this.#around.spreads.entries()) {
      const { rule, matches, tally } = spread;
      const place = placeOf(node, rule.topologyKey);
      if (place === undefined) return NO_LABEL;
      const counts = tally.by(rule.topologyKey);
      const more = counts.has(place) && tally.counts(node) ? moved(moves, matches) : 0;
      const least = more === 0 ? (this.#fewest[at] as number) : fewest(spread, place, more);
      const there = counts.in(place) + more;
      if (there + (this.#selfMatches[at] as number) - least > rule.maxSkew) return SPREAD;
    }
    return undefined;
  }

  #affinityRefusal(node: NodeEntry, moves: Moves): Refusal | undefined {
    const { affinity, antiAffinity, held } = this.#around;
    if (affinity.length > 0 && !this.#hasCompany(node, moves)) return AFFINITY;
    for (const { term, tally, matches } of antiAffinity) {
      if (there(tally, term, node, moved(moves, matches)) > 0) return ANTI;
    }
    for (const { term, tally } of held) {
      if (
        there(
          tally,
          term,
          node,
          moved(moves, (pod) => holds(pod, term)),
        ) > 0
      )
        return EXISTING;
    }
    return undefined;
  }

  /** Somebody is there by every term; or nobody is anywhere, and the pod itself would be the first that meets them. */
  #hasCompany(node: NodeEntry, moves: Moves): boolean {
    const { affinity, self } = this.#around;
    let isThere = true;
    for (const { term, tally, matches } of affinity) {
      if (placeOf(node, term.topologyKey) === undefined) return false;
      if (there(tally, term, node, moved(moves, matches)) <= 0) isThere = false;
    }
    if (isThere) return true;
    const { matches } = affinity[0] as CountedTerm;
    return (
      matches(self) &&
      affinity.every(({ term, tally }) => tally.by(term.topologyKey).sum + moved(moves, matches) <= 0)
    );
  }
}

function holds({ shape }: Tenant, term: NeighbourTerm): boolean {
  return shape.rules?.antiAffinity.some(({ signature }) => signature === term.signature) === true;
}

/** How many pods there would be in the node's place; none when it is in no place. */
function there(tally: Tally, { topologyKey }: NeighbourTerm, node: NodeEntry, more: number): number {
  const place = placeOf(node, topologyKey);
  return place === undefined ? 0 : tally.by(topologyKey).in(place) + more;
}

/** How many more pods of some kind there are after the moves. */
function moved({ come, gone }: Moves, matches: (pod: Tenant) => boolean): number {
  let more = 0;
  for (const pod of come) if (matches(pod)) more++;
  for (const pod of gone) if (matches(pod)) more--;
  return more;
}
