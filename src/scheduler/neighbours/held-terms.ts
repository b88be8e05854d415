import type { ClusterState, TenantObserver } from "../cache/cluster-state.ts";
import type { NeighbourRules, NeighbourTerm } from "../cache/neighbour-rules.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";
import { ByLabel } from "./by-label.ts";
import type { Labelled, NamespaceLabels } from "./namespace-labels.ts";
import { Tally } from "./tally.ts";

/** A term that pods on nodes hold, and where they are. */
export interface HeldTerm {
  readonly term: NeighbourTerm;
  readonly weight: number;
  readonly tally: Tally;
}

/** Which terms of a pod are meant, with their weights. */
export type TermsOf = (
  rules: NeighbourRules,
) => readonly { readonly term: NeighbourTerm; readonly weight: number }[];

/** Terms of the pods that are on nodes, which matter to those that are to come. Pods without rules cost nothing. */
export class HeldTerms implements TenantObserver {
  readonly #state: ClusterState;
  readonly #namespaces: NamespaceLabels;
  readonly #termsOf: TermsOf;
  readonly #held = new Map<string, HeldTerm>();
  readonly #byLabel = new ByLabel<HeldTerm>();

  constructor(state: ClusterState, namespaces: NamespaceLabels, termsOf: TermsOf) {
    this.#state = state;
    this.#namespaces = namespaces;
    this.#termsOf = termsOf;
  }

  came(pod: Tenant, node: NodeEntry): void {
    this.#add(pod, node, 1);
  }

  went(pod: Tenant, node: NodeEntry): void {
    this.#add(pod, node, -1);
  }

  /** Those that are about this pod. */
  about(pod: Labelled): readonly HeldTerm[] {
    if (this.#held.size === 0) return NONE;
    const about: HeldTerm[] = [];
    for (const held of this.#byLabel.near(pod.labels)) {
      if (this.#namespaces.matches(held.term, pod)) about.push(held);
    }
    return about;
  }

  #add({ shape }: Tenant, node: NodeEntry, count: 1 | -1): void {
    if (shape.rules === undefined) return;
    for (const { term, weight } of this.#termsOf(shape.rules)) {
      const signature = `${weight} ${term.signature}`;
      let held = this.#held.get(signature);
      if (held === undefined) {
        held = { term, weight, tally: new Tally(this.#state) };
        this.#held.set(signature, held);
        this.#byLabel.set([term], signature, held);
      }
      held.tally.add(node, count);
      if (held.tally.pods !== 0) continue;
      this.#held.delete(signature);
      this.#byLabel.delete([term], signature);
    }
  }
}

const NONE: readonly HeldTerm[] = [];
