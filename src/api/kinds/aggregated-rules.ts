import { deepEqual } from "../deep-equal.ts";
import { selects } from "../label-selector.ts";
import type { PolicyRule, Role } from "./rbac.ts";

/** The rules of all other roles that an aggregated role selects, in order of their names, each once. */
export function aggregatedRules(
  { metadata, aggregationRule }: Role,
  all: Iterable<Role>,
): readonly PolicyRule[] {
  const selectors = aggregationRule?.clusterRoleSelectors ?? [];
  const parts = [...all]
    .filter((one) => one.metadata.name !== metadata.name)
    .filter((one) => selectors.some((selector) => selects(selector, one.metadata.labels)))
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const rules: PolicyRule[] = [];
  for (const rule of parts.flatMap((part) => part.rules ?? [])) {
    if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
  }
  return rules;
}
