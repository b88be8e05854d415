import type { ClusterState, TenantObserver } from "../cache/cluster-state.ts";
import type { NeighbourTerm } from "../cache/neighbour-rules.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";
import { ByLabel } from "./by-label.ts";
import type { NamespaceLabels } from "./namespace-labels.ts";
import { Tally } from "./tally.ts";

/** So many counts are kept; the one that was asked for longest ago makes room. */
const KEPT = 512;

/** Which pods are counted, and where. */
export interface Counting {
  /** Equal for equal `matches` and `isCounted`. */
  readonly signature: string;
  /** Terms that every pod meets which is counted. */
  readonly terms: readonly NeighbourTerm[];
  readonly matches: (pod: Tenant) => boolean;
  readonly isCounted?: (node: NodeEntry) => boolean;
}

interface Counted {
  readonly terms: readonly NeighbourTerm[];
  readonly tally: Tally;
  readonly matches: (pod: Tenant) => boolean;
}

/**
 * Counts of the pods that rules of waiting pods are about. Pods of one class share them. A count is made when it is
 * first asked for, which costs O(pods), and kept up to date from then on.
 */
export class MatchingPods implements TenantObserver {
  readonly #state: ClusterState;
  readonly #namespaces: NamespaceLabels;
  readonly #counted = new Map<string, Counted>();
  readonly #byLabel = new ByLabel<Counted>();
  #namespaceVersion = 0;

  constructor(state: ClusterState, namespaces: NamespaceLabels) {
    this.#state = state;
    this.#namespaces = namespaces;
  }

  came(pod: Tenant, node: NodeEntry): void {
    this.#add(pod, node, 1);
  }

  went(pod: Tenant, node: NodeEntry): void {
    this.#add(pod, node, -1);
  }

  /** The count, made on the first question. */
  count({ signature, terms, matches, isCounted }: Counting): Tally {
    if (this.#namespaceVersion !== this.#namespaces.version) {
      this.#namespaceVersion = this.#namespaces.version;
      this.#counted.clear();
      this.#byLabel.clear();
    }
    const known = this.#counted.get(signature);
    if (known !== undefined) {
      // The last in the map is the last that was asked for.
      this.#counted.delete(signature);
      this.#counted.set(signature, known);
      return known.tally;
    }
    const tally = new Tally(this.#state, isCounted);
    this.#state.forEachTenant((pod, node) => {
      if (matches(pod)) tally.add(node, 1);
    });
    const counted = { tally, terms, matches };
    this.#counted.set(signature, counted);
    this.#byLabel.set(terms, signature, counted);
    if (this.#counted.size > KEPT) this.#dropOldest();
    return tally;
  }

  #add(pod: Tenant, node: NodeEntry, count: 1 | -1): void {
    if (this.#counted.size === 0) return;
    for (const { tally, matches } of this.#byLabel.near(pod.labels)) if (matches(pod)) tally.add(node, count);
  }

  #dropOldest(): void {
    const [signature, { terms }] = this.#counted.entries().next().value as [string, Counted];
    this.#counted.delete(signature);
    this.#byLabel.delete(terms, signature);
  }
}
