import type { ClusterState, TenantObserver } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";
import type { NamespaceLabels } from "./namespace-labels.ts";
import { Tally } from "./tally.ts";

/** So many counts are kept; the one that was asked for longest ago makes room. */
const KEPT = 512;

interface Counted {
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
  #namespaceVersion = 0;

  constructor(state: ClusterState, namespaces: NamespaceLabels) {
    this.#state = state;
    this.#namespaces = namespaces;
  }

  came(pod: Tenant, node: NodeEntry): void {
    for (const { tally, matches } of this.#counted.values()) if (matches(pod)) tally.add(node, 1);
  }

  went(pod: Tenant, node: NodeEntry): void {
    for (const { tally, matches } of this.#counted.values()) if (matches(pod)) tally.add(node, -1);
  }

  /** @param signature equal for equal `matches` and `isCounted` */
  count(
    signature: string,
    matches: (pod: Tenant) => boolean,
    isCounted?: (node: NodeEntry) => boolean,
  ): Tally {
    if (this.#namespaceVersion !== this.#namespaces.version) {
      this.#namespaceVersion = this.#namespaces.version;
      this.#counted.clear();
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
    this.#counted.set(signature, { tally, matches });
    if (this.#counted.size > KEPT) this.#counted.delete(this.#counted.keys().next().value as string);
    return tally;
  }
}
