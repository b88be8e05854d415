import { matchesTerm } from "../../api/node-selector.ts";
import { tolerates } from "../../api/tolerations.ts";
import type { SpreadRule } from "../cache/neighbour-rules.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { Constraints } from "../cache/pod-shape.ts";
import type { Tenant } from "../cache/tenant.ts";
import type { MatchingPods } from "./matching-pods.ts";
import type { NamespaceLabels } from "./namespace-labels.ts";
import { placeOf, type Tally } from "./tally.ts";

/** One constraint and the pods that it is about; those that are ending do not count. */
export interface Spread {
  readonly rule: SpreadRule;
  readonly matches: (pod: Tenant) => boolean;
  readonly tally: Tally;
}

/**
 * Counts for constraints that are looked at together: a node counts when it has the labels of all of them, and passes
 * what a constraint says of node affinity and taints (podtopologyspread, matchNodeInclusionPolicies).
 */
export function spreads(
  rules: readonly SpreadRule[],
  constraints: Constraints,
  matching: MatchingPods,
  namespaces: NamespaceLabels,
): readonly Spread[] {
  const keys = rules.map(({ topologyKey }) => topologyKey);
  return rules.map((rule) => {
    const matches = (pod: Tenant) => pod.ending === undefined && namespaces.matches(rule, pod);
    const isCounted = (node: NodeEntry) =>
      keys.every((key) => placeOf(node, key) !== undefined) && isIncluded(rule, constraints, node);
    const signature = `spread ${rule.signature} ${keys.join()} ${constraints.signature}`;
    return { rule, matches, tally: matching.count({ signature, terms: [rule], matches, isCounted }) };
  });
}

/** The fewest pods in a place; 0 while there are fewer places than there should be. */
export function fewest({ rule, tally }: Spread, place?: string, more = 0): number {
  const counts = tally.by(rule.topologyKey);
  if (counts.size < rule.minDomains) return 0;
  return place === undefined ? counts.least : counts.leastWith(place, more);
}

function isIncluded(rule: SpreadRule, constraints: Constraints, node: NodeEntry): boolean {
  const { nodeSelector, nodeTerms, tolerations } = constraints;
  if (rule.honoursAffinity) {
    for (const key in nodeSelector) if (placeOf(node, key) !== nodeSelector[key]) return false;
    if (nodeTerms !== undefined && !nodeTerms.some((term) => matchesTerm(term, node))) return false;
  }
  if (!rule.honoursTaints) return true;
  return node.taints.every((taint) => taint.effect === "PreferNoSchedule" || tolerates(tolerations, taint));
}
