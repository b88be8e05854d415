import type { FieldError } from "./errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "./field-errors.ts";
import { checkLabels, checkQualifiedName } from "./metadata-validation.ts";
import { labelValueFault } from "./names.ts";

/** metav1.LabelSelector: every label and every expression must hold. Empty selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

type Labels = Readonly<Record<string, string>> | undefined;

/** Whether labels meet a selector. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = selector;
  for (const key in matchLabels) if (labelValue(labels, key) !== matchLabels[key]) return false;
  return (
    matchExpressions === undefined || matchExpressions.every((one) => meets(one, labelValue(labels, one.key)))
  );
}

/** True for a selector that says nothing, which Kubernetes' workloads refuse to act on. */
export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return matchExpressions.length === 0 && Object.keys(matchLabels).length === 0;
}

/** The selector as text, requirements sorted by key: `app=web,tier in (a,b)`. It can be parsed again. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => [key, `${key}=${value}`] as const);
  const expressions = matchExpressions.map((one) => [one.key, expressionText(one)] as const);
  return [...labels, ...expressions]
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([, text]) => text)
    .join(",");
}

/** Rules of k8s.io/apimachinery ValidateLabelSelector. */
export function checkLabelSelector(field: string, selector: LabelSelector, errors: FieldError[]): void {
  checkLabels(`${field}.matchLabels`, selector.matchLabels, errors);
  for (const [index, requirement] of (selector.matchExpressions ?? []).entries()) {
    checkRequirement(`${field}.matchExpressions[${index}]`, requirement, errors);
  }
}

const OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist"];

function checkRequirement(
  field: string,
  { key, operator, values = [] }: LabelSelectorRequirement,
  errors: FieldError[],
): void {
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      errors.push(requiredValue(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      errors.push(forbidden(`${field}.values`, detail));
    }
  } else {
    errors.push(notSupported(`${field}.operator`, operator ?? "", OPERATORS));
  }
  checkQualifiedName(`${field}.key`, key ?? "", errors);
  for (const [index, value] of values.entries()) {
    const fault = labelValueFault(value);
    if (fault !== undefined) errors.push(invalidValue(`${field}.values[${index}]`, value, fault));
  }
}

function labelValue(labels: Labels, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function meets({ operator, values = [] }: LabelSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

function expressionText({ key, operator, values = [] }: LabelSelectorRequirement): string {
  const list = [...values].sort().join(",");
  if (operator === "In") return values.length === 1 ? `${key}=${list}` : `${key} in (${list})`;
  if (operator === "NotIn") return values.length === 1 ? `${key}!=${list}` : `${key} notin (${list})`;
  return operator === "Exists" ? key : `!${key}`;
}
