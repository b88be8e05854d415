import type { ClusterState } from "../cache/cluster-state.ts";
import type { NeighbourTerm } from "../cache/neighbour-rules.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import type { Tenant } from "../cache/tenant.ts";
import type { PlaceablePod } from "../placement/pod.ts";
import { DefaultSpread } from "./default-spread.ts";
import { HeldTerms } from "./held-terms.ts";
import { MatchingPods } from "./matching-pods.ts";
import { type Labelled, NamespaceLabels } from "./namespace-labels.ts";
import { type CountedTerm, NeighbourCheck } from "./neighbour-check.ts";
import { spreads } from "./spread.ts";
import type { Wishes } from "./wishes.ts";

/** Pods meet required affinity with this weight when others are placed (HardPodAffinityWeight). */
const REQUIRED_WEIGHT = 1;

/**
 * What pods have to do with each other: affinity, anti-affinity and spreading. Counts are kept per rule and place, and
 * shared by all pods with that rule; a cluster without such rules pays nothing.
 */
export class Neighbours {
  readonly namespaces = new NamespaceLabels();
  readonly defaultSpread = new DefaultSpread();
  readonly #matching: MatchingPods;
  /** Required anti-affinity of the pods on nodes. */
  readonly #antiAffinity: HeldTerms;
  /** What else the pods on nodes want near them, or not. */
  readonly #wishes: HeldTerms;

  constructor(state: ClusterState) {
    this.#matching = new MatchingPods(state, this.namespaces);
    this.#antiAffinity = new HeldTerms(state, this.namespaces, ({ antiAffinity }) =>
      distinct(antiAffinity).map((term) => ({ term, weight: 0 })),
    );
    this.#wishes = new HeldTerms(state, this.namespaces, ({ affinity, preferred }) => [
      ...affinity.map((term) => ({ term, weight: REQUIRED_WEIGHT })),
      ...preferred,
    ]);
    for (const observer of [this.#matching, this.#antiAffinity, this.#wishes]) state.observe(observer);
  }

  /** Undefined when no rule of the pod or about it rules out any node. */
  checkOf(pod: PlaceablePod): NeighbourCheck | undefined {
    const { shape } = pod;
    const held = this.#antiAffinity.about(pod);
    const isStrict = shape.rules !== undefined && isStrictRule(shape.rules);
    if (!isStrict && held.length === 0) return undefined;
    const { affinity = [], antiAffinity = [], spread = [] } = shape.rules ?? {};
    return new NeighbourCheck({
      self: { ...selfOf(pod), shape },
      spreads: spreads(spread, shape.constraints, this.#matching, this.namespaces),
      affinity: this.#together(affinity),
      antiAffinity: antiAffinity.map((term) => this.#counted(term)),
      held,
    });
  }

  /** True when pods on nodes do not want this one near them: it is not tried together with others then. */
  isUnwanted(pod: PlaceablePod): boolean {
    return this.#antiAffinity.about(pod).length > 0;
  }

  /** What speaks for and against places, without ruling them out; undefined when nothing does. */
  wishesOf(pod: PlaceablePod): Wishes | undefined {
    const { rules, constraints } = pod.shape;
    const held = this.#wishes.about(pod);
    const { preferred = [], preferredSpread = [], spread = [] } = rules ?? {};
    const isSilent = spread.length === 0 && preferredSpread.length === 0;
    const softly = isSilent ? this.defaultSpread.rulesOf(pod) : preferredSpread;
    if (held.length === 0 && preferred.length === 0 && softly.length === 0) return undefined;
    const own = preferred.map(({ term, weight }) => ({ weight, term, tally: this.#counted(term).tally }));
    return {
      terms: [...held, ...own],
      spreads: isSilent
        ? softly.flatMap((rule) => spreads([rule], constraints, this.#matching, this.namespaces))
        : spreads(softly, constraints, this.#matching, this.namespaces),
      isByDefault: isSilent,
    };
  }

  /** True when rules of a shape are about a pod: the coming or going of one may be what the other waits for. */
  concern(shape: PodShape, pod: Labelled): boolean {
    if (shape.rules === undefined) return false;
    const { affinity, antiAffinity, spread } = shape.rules;
    return [...affinity, ...antiAffinity, ...spread].some((term) => this.namespaces.matches(term, pod));
  }

  #counted(term: NeighbourTerm): CountedTerm {
    const matches = (pod: Tenant) => this.namespaces.matches(term, pod);
    return {
      term,
      matches,
      tally: this.#matching.count({ signature: `one ${term.signature}`, terms: [term], matches }),
    };
  }

  #together(terms: readonly NeighbourTerm[]): readonly CountedTerm[] {
    if (terms.length === 0) return [];
    const matches = (pod: Tenant) => terms.every((term) => this.namespaces.matches(term, pod));
    const signature = `all ${terms.map((term) => term.signature).join()}`;
    const tally = this.#matching.count({ signature, terms, matches });
    return terms.map((term) => ({ term, matches, tally }));
  }
}

/** Who says a thing twice holds it once. */
function distinct(terms: readonly NeighbourTerm[]): readonly NeighbourTerm[] {
  if (terms.length < 2) return terms;
  return [...new Map(terms.map((term) => [term.signature, term])).values()];
}

function isStrictRule({ affinity, antiAffinity, spread }: NonNullable<PodShape["rules"]>): boolean {
  return affinity.length > 0 || antiAffinity.length > 0 || spread.length > 0;
}

function selfOf({ namespace, name, labels, priority }: PlaceablePod) {
  return { uid: "", namespace, name, labels, priority };
}
