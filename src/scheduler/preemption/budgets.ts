import type { PodDisruptionBudget } from "../../api/kinds/pod-disruption-budget.ts";
import { isEmptySelector, selects } from "../../api/label-selector.ts";
import type { Tenant } from "../cache/tenant.ts";

/** The disruption budgets there are. Preemption spares their pods where it can, and no more than that. */
export class Budgets {
  readonly #byUid = new Map<string, PodDisruptionBudget>();

  changed(before: PodDisruptionBudget | undefined, after: PodDisruptionBudget | undefined): void {
    if (after !== undefined) this.#byUid.set(after.metadata.uid, after);
    else if (before !== undefined) this.#byUid.delete(before.metadata.uid);
  }

  /** Parts pods into those whose going would break a budget, were they to go in this order, and the others. */
  split(pods: readonly Tenant[]): {
    readonly violating: readonly Tenant[];
    readonly others: readonly Tenant[];
  } {
    const left = new Map([...this.#byUid].map(([uid, { status }]) => [uid, status.disruptionsAllowed]));
    const violating: Tenant[] = [];
    const others: Tenant[] = [];
    for (const pod of pods) {
      let breaks = false;
      for (const [uid, budget] of this.#byUid) {
        // A pod whose eviction was allowed before has been paid for.
        if (!covers(budget, pod) || Object.hasOwn(budget.status.disruptedPods ?? {}, pod.name)) continue;
        const allowed = (left.get(uid) as number) - 1;
        left.set(uid, allowed);
        breaks ||= allowed < 0;
      }
      (breaks ? violating : others).push(pod);
    }
    return { violating, others };
  }
}

function covers({ metadata, spec }: PodDisruptionBudget, pod: Tenant): boolean {
  if (metadata.namespace !== pod.namespace || spec.selector === undefined) return false;
  return !isEmptySelector(spec.selector) && selects(spec.selector, pod.labels);
}
