import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkLabelSelector } from "../label-selector.ts";
import { dnsLabelFault, qualifiedNameFault } from "../names.ts";
import type { PodAffinity, PodAffinityTerm, TopologySpreadConstraint } from "./pod.ts";

const ACTIONS = ["DoNotSchedule", "ScheduleAnyway"];
const POLICIES = ["Honor", "Ignore"];
const SPREAD = "spec.topologySpreadConstraints";

/** validatePodAffinity and validatePodAntiAffinity of pkg/apis/core/validation. */
export function checkPodAffinity(field: string, affinity: PodAffinity, errors: FieldError[]): void {
  const required = `${field}.requiredDuringSchedulingIgnoredDuringExecution`;
  for (const [index, term] of (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    checkTerm(`${required}[${index}]`, term, errors);
  }
  const preferred = `${field}.preferredDuringSchedulingIgnoredDuringExecution`;
  const weighted = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [index, { weight, podAffinityTerm }] of weighted.entries()) {
    const at = `${preferred}[${index}]`;
    if (!(weight >= 1 && weight <= 100)) {
      errors.push(invalidValue(`${at}.weight`, weight ?? 0, "must be in the range 1-100"));
    }
    checkTerm(`${at}.podAffinityTerm`, podAffinityTerm ?? {}, errors);
  }
}

function checkTerm(field: string, term: Partial<PodAffinityTerm>, errors: FieldError[]): void {
  const { labelSelector, namespaceSelector, namespaces = [], matchLabelKeys, mismatchLabelKeys } = term;
  if (labelSelector !== undefined) checkLabelSelector(`${field}.labelSelector`, labelSelector, errors);
  if (namespaceSelector !== undefined) {
    checkLabelSelector(`${field}.namespaceSelector`, namespaceSelector, errors);
  }
  for (const name of namespaces) {
    const fault = dnsLabelFault(name);
    if (fault !== undefined) errors.push(invalidValue(`${field}.namespace`, name, fault));
  }
  checkTopologyKey(`${field}.topologyKey`, term.topologyKey, "can not be empty", errors);
  for (const keys of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    checkLabelKeys(`${field}.${keys}`, term[keys], labelSelector, errors);
  }
  for (const [index, key] of (matchLabelKeys ?? []).entries()) {
    if (!mismatchLabelKeys?.includes(key)) continue;
    const at = `${field}.matchLabelKeys[${index}]`;
    errors.push(invalidValue(at, key, "exists in both matchLabelKeys and mismatchLabelKeys"));
  }
}

/** validateTopologySpreadConstraints of pkg/apis/core/validation. */
export function checkSpread(constraints: readonly TopologySpreadConstraint[], errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, constraint] of constraints.entries()) {
    const at = `${SPREAD}[${index}]`;
    checkConstraint(at, constraint, errors);
    const { topologyKey, whenUnsatisfiable } = constraint;
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    if (seen.has(pair)) errors.push(duplicateValue(`${at}.{topologyKey, whenUnsatisfiable}`, pair));
    seen.add(pair);
  }
}

function checkConstraint(at: string, constraint: TopologySpreadConstraint, errors: FieldError[]): void {
  const { maxSkew, minDomains, topologyKey, whenUnsatisfiable: action, labelSelector } = constraint;
  if (!(maxSkew > 0)) errors.push(invalidValue(`${at}.maxSkew`, maxSkew ?? 0, "must be greater than zero"));
  checkTopologyKey(`${at}.topologyKey`, topologyKey, "can not be empty", errors);
  if (!ACTIONS.includes(action)) errors.push(notSupported(`${at}.whenUnsatisfiable`, action ?? "", ACTIONS));
  if (minDomains !== undefined) {
    const field = `${at}.minDomains`;
    if (minDomains <= 0) errors.push(invalidValue(field, minDomains, "must be greater than zero"));
    if (action !== "DoNotSchedule") {
      const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
      errors.push(invalidValue(field, minDomains, detail));
    }
  }
  for (const policy of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
    const value = constraint[policy];
    if (value !== undefined && !POLICIES.includes(value)) {
      errors.push(notSupported(`${at}.${policy}`, value, POLICIES));
    }
  }
  if (labelSelector !== undefined) checkLabelSelector(`${at}.labelSelector`, labelSelector, errors);
  checkLabelKeys(`${at}.matchLabelKeys`, constraint.matchLabelKeys, labelSelector, errors);
}

function checkTopologyKey(field: string, key: string | undefined, empty: string, errors: FieldError[]): void {
  if (!key) errors.push(requiredValue(field, empty));
  else {
    const fault = qualifiedNameFault(key);
    if (fault !== undefined) errors.push(invalidValue(field, key, fault));
  }
}

function checkLabelKeys(
  field: string,
  keys: readonly string[] | undefined,
  selector: object | undefined,
  errors: FieldError[],
): void {
  if (keys === undefined || keys.length === 0) return;
  if (selector === undefined) {
    errors.push(forbidden(field, "must not be specified when labelSelector is not set"));
  }
  for (const [index, key] of keys.entries()) {
    const fault = qualifiedNameFault(key);
    if (fault !== undefined) errors.push(invalidValue(`${field}[${index}]`, key, fault));
  }
}
