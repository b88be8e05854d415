import type { NodeSelectorTerm } from "./pod.ts";

/** Labels of nodes that have got another name, by their old one (pkg/api/node/util.go). */
const RENAMED: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region":
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone":
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type":
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** What is said of an old label; undefined for all others. */
export function renamedLabel(key: string): string | undefined {
  return Object.hasOwn(RENAMED, key) ? RENAMED[key] : undefined;
}

/** The same of a key in a field of its own. */
export function keyWarnings(field: string, key: string): string[] {
  const message = renamedLabel(key);
  return message === undefined ? [] : [`${field}: ${key} is ${message}`];
}

/** Old labels in a term by which nodes are chosen. */
export function termWarnings(field: string, { matchExpressions = [] }: NodeSelectorTerm): string[] {
  return matchExpressions.flatMap(({ key }, index) =>
    keyWarnings(`${field}.matchExpressions[${index}].key`, key),
  );
}
