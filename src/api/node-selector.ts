import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from "./kinds/pod.ts";

interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** True when the node has the labels of the pod's selector, and one of the terms of its required affinity matches. */
export function meetsNodeAffinity({ nodeSelector, affinity }: PodSpec, node: Labelled): boolean {
  for (const key in nodeSelector) if (labelOf(node, key) !== nodeSelector[key]) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/**
 * True when all requirements of the term hold (k8s.io/component-helpers nodeaffinity). A term without requirements
 * matches nothing.
 */
export function matchesTerm(term: NodeSelectorTerm, node: Labelled): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  return (
    expressions.every((requirement) => matches(requirement, labelOf(node, requirement.key))) &&
    fields.every((requirement) => matches(requirement, fieldOf(node, requirement.key)))
  );
}

function labelOf(node: Labelled, key: string): string | undefined {
  return Object.hasOwn(node.labels, key) ? node.labels[key] : undefined;
}

/** The one field that can be selected by is the name. */
function fieldOf(node: Labelled, key: string): string | undefined {
  return key === "metadata.name" ? node.name : undefined;
}

function matches(requirement: NodeSelectorRequirement, actual: string | undefined): boolean {
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case "In":
      return actual !== undefined && values.includes(actual);
    case "NotIn":
      return actual === undefined || !values.includes(actual);
    case "Exists":
      return actual !== undefined;
    case "DoesNotExist":
      return actual === undefined;
    case "Gt":
      return compares(actual, values, (have, bound) => have > bound);
    case "Lt":
      return compares(actual, values, (have, bound) => have < bound);
    default:
      return false;
  }
}

/** Both sides must be whole numbers; anything else does not match. */
function compares(
  actual: string | undefined,
  values: readonly string[],
  holds: (have: bigint, bound: bigint) => boolean,
): boolean {
  const [bound] = values;
  if (actual === undefined || bound === undefined || values.length !== 1) return false;
  if (!WHOLE_NUMBER.test(actual) || !WHOLE_NUMBER.test(bound)) return false;
  return holds(BigInt(actual), BigInt(bound));
}

const WHOLE_NUMBER = /^-?\d{1,19}$/;
