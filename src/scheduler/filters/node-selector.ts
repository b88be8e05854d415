import type { NodeSelectorTerm } from "../../api/kinds/pod.ts";

/**
 * The nodes that terms allow by name, when each of them names some; undefined when one of them does not. Several
 * requirements of one term must all hold.
 */
export function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  const named = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === "metadata.name" && operator === "In")
      .map(({ values = [] }) => values);
    const [first, ...others] = lists;
    if (first === undefined) return undefined;
    for (const name of first) if (others.every((list) => list.includes(name))) named.add(name);
  }
  return named;
}
