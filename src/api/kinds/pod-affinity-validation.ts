import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, requiredValue } from "../field-errors.ts";
import { checkQualifiedName } from "../metadata-validation.ts";
import { dnsSubdomainFault, labelValueFault } from "../names.ts";
import type { NodeAffinity, NodeSelectorRequirement, NodeSelectorTerm } from "./pod.ts";

const REQUIRED = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution";

/** validateNodeAffinity of pkg/apis/core/validation. */
export function checkNodeAffinity(affinity: NodeAffinity, errors: FieldError[]): void {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  if (required !== undefined) {
    const terms = required.nodeSelectorTerms ?? [];
    const field = `${REQUIRED}.nodeSelectorTerms`;
    if (terms.length === 0) errors.push(requiredValue(field, "must have at least one node selector term"));
    for (const [index, term] of terms.entries()) checkTerm(`${field}[${index}]`, term, true, errors);
  }
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [index, { weight, preference }] of preferred.entries()) {
    if (!(weight >= 1 && weight <= 100)) {
      errors.push(invalidValue(`${PREFERRED}[${index}].weight`, weight ?? 0, "must be in the range 1-100"));
    }
    checkTerm(`${PREFERRED}[${index}].preference`, preference ?? {}, false, errors);
  }
}

/** Values that no label can have are let pass where they are only preferred. */
function checkTerm(field: string, term: NodeSelectorTerm, isRequired: boolean, errors: FieldError[]): void {
  for (const [index, requirement] of (term.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${index}]`;
    checkExpression(at, requirement, errors);
    for (const [place, value] of (isRequired ? (requirement.values ?? []) : []).entries()) {
      const fault = labelValueFault(value);
      if (fault !== undefined) errors.push(invalidValue(`${at}.values[${place}]`, value, fault));
    }
  }
  for (const [index, requirement] of (term.matchFields ?? []).entries()) {
    checkField(`${field}.matchFields[${index}]`, requirement, errors);
  }
}

function checkExpression(field: string, requirement: NodeSelectorRequirement, errors: FieldError[]): void {
  const { key, operator, values = [] } = requirement;
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0) {
        const detail = "must be specified when `operator` is 'In' or 'NotIn'";
        errors.push(requiredValue(`${field}.values`, detail));
      }
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) {
        const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
        errors.push(forbidden(`${field}.values`, detail));
      }
      break;
    case "Gt":
    case "Lt":
      if (values.length !== 1) {
        const detail = "must be specified single value when `operator` is 'Lt' or 'Gt'";
        errors.push(requiredValue(`${field}.values`, detail));
      }
      break;
    default:
      errors.push(invalidValue(`${field}.operator`, operator ?? "", "not a valid selector operator"));
  }
  checkQualifiedName(`${field}.key`, key ?? "", errors);
}

/** The one field nodes can be chosen by is their name. */
function checkField(field: string, requirement: NodeSelectorRequirement, errors: FieldError[]): void {
  const { key, operator, values = [] } = requirement;
  if (operator !== "In" && operator !== "NotIn") {
    errors.push(invalidValue(`${field}.operator`, operator ?? "", "not a valid selector operator"));
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(requiredValue(`${field}.values`, detail));
  }
  if (key !== "metadata.name") {
    errors.push(invalidValue(`${field}.key`, key ?? "", "not a valid field selector key"));
    return;
  }
  for (const [index, value] of values.entries()) {
    const fault = dnsSubdomainFault(value);
    if (fault !== undefined) errors.push(invalidValue(`${field}.values[${index}]`, value, fault));
  }
}
