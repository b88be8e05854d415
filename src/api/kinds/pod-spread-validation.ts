import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkLabelSelector, type LabelSelector } from "../label-selector.ts";
import { checkQualifiedName } from "../metadata-validation.ts";
import { dnsLabelFault } from "../names.ts";
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
  for (const keys of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    checkLabelKeys(`${field}.${keys}`, term[keys], labelSelector, errors);
  }
  for (const [index, key] of (matchLabelKeys ?? []).entries()) {
    if (!mismatchLabelKeys?.includes(key)) continue;
    const at = `${field}.matchLabelKeys[${index}]`;
    errors.push(invalidValue(at, key, "exists in both matchLabelKeys and mismatchLabelKeys"));
  }
  const { topologyKey = "" } = term;
  if (topologyKey === "") errors.push(requiredValue(`${field}.topologyKey`, "can not be empty"));
  checkQualifiedName(`${field}.topologyKey`, topologyKey, errors);
}

/** validateTopologySpreadConstraints of pkg/apis/core/validation. */
export function checkSpread(constraints: readonly TopologySpreadConstraint[], errors: FieldError[]): void {
  const pairs = constraints.map((one) => `{${one.topologyKey}, ${one.whenUnsatisfiable}}`);
  for (const [index, constraint] of constraints.entries()) {
    const pair = pairs[index] as string;
    checkConstraint(
      `${SPREAD}[${index}]`,
      constraint,
      pairs.includes(pair, index + 1) ? pair : undefined,
      errors,
    );
  }
}

/** `repeated` is what the constraint goes by when another one after it goes by the same. */
function checkConstraint(
  at: string,
  constraint: TopologySpreadConstraint,
  repeated: string | undefined,
  errors: FieldError[],
): void {
  const { maxSkew, minDomains, topologyKey, whenUnsatisfiable: action, labelSelector } = constraint;
  if (!(maxSkew > 0)) errors.push(invalidValue(`${at}.maxSkew`, maxSkew ?? 0, "must be greater than zero"));
  if (!topologyKey) errors.push(requiredValue(`${at}.topologyKey`, "can not be empty"));
  if (!ACTIONS.includes(action)) errors.push(notSupported(`${at}.whenUnsatisfiable`, action ?? "", ACTIONS));
  if (repeated !== undefined) errors.push(duplicateValue(`${at}.{topologyKey, whenUnsatisfiable}`, repeated));
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
  checkLabelKeys(`${at}.matchLabelKeys`, constraint.matchLabelKeys, labelSelector, errors);
  for (const [key, index] of (constraint.matchLabelKeys ?? []).map((one, place) => [one, place] as const)) {
    if (labelSelector === undefined || !asksFor(labelSelector, key)) continue;
    const detail = "exists in both matchLabelKeys and labelSelector";
    errors.push(invalidValue(`${at}.matchLabelKeys[${index}]`, key, detail));
  }
  if (labelSelector !== undefined) checkLabelSelector(`${at}.labelSelector`, labelSelector, errors);
}

function asksFor({ matchLabels = {}, matchExpressions = [] }: LabelSelector, key: string): boolean {
  return Object.hasOwn(matchLabels, key) || matchExpressions.some((one) => one.key === key);
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
    checkQualifiedName(`${field}[${index}]`, key, errors);
  }
}
