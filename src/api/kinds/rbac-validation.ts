import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkLabelSelector } from "../label-selector.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault, pathSegmentFault } from "../names.ts";
import { type PolicyRule, RBAC_GROUP, type Role, type RoleBinding, type Subject } from "./rbac.ts";

/** ValidateRole and ValidateClusterRole (pkg/apis/rbac/validation). */
export function validateRole(role: Role, old: Role | undefined, namespaced: boolean): readonly FieldError[] {
  const errors = validateMetadata(role.metadata, old?.metadata, { nameFault: pathSegmentFault });
  for (const [index, rule] of (role.rules ?? []).entries()) {
    checkRule(`rules[${index}]`, rule, namespaced, errors);
  }
  if (role.aggregationRule === undefined) return errors;
  const field = "aggregationRule.clusterRoleSelectors";
  const { clusterRoleSelectors = [] } = role.aggregationRule;
  if (clusterRoleSelectors.length === 0) {
    const detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
    errors.push(requiredValue(field, detail));
  }
  for (const [index, selector] of clusterRoleSelectors.entries()) {
    checkLabelSelector(`${field}[${index}]`, selector, errors);
  }
  return errors;
}

function checkRule(field: string, rule: PolicyRule, namespaced: boolean, errors: FieldError[]): void {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0)
    errors.push(requiredValue(`${field}.verbs`, "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const refuse = (detail: string) =>
      errors.push(invalidValue(`${field}.nonResourceURLs`, nonResourceURLs, detail));
    if (namespaced) refuse("namespaced rules cannot apply to non-resource URLs");
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
      refuse("rules cannot apply to both regular resources and non-resource URLs");
    }
    return;
  }
  if (apiGroups.length === 0) {
    errors.push(requiredValue(`${field}.apiGroups`, "resource rules must supply at least one api group"));
  }
  if (resources.length === 0) {
    errors.push(requiredValue(`${field}.resources`, "resource rules must supply at least one resource"));
  }
}

const SUBJECTS = ["ServiceAccount", "User", "Group"];
const ROLE_PARTS = ["apiGroup", "kind", "name"] as const;

/** ValidateRoleBinding and ValidateClusterRoleBinding (pkg/apis/rbac/validation). */
export function validateBinding(
  binding: RoleBinding,
  old: RoleBinding | undefined,
  namespaced: boolean,
): readonly FieldError[] {
  const errors = validateMetadata(binding.metadata, old?.metadata, { nameFault: pathSegmentFault });
  const { roleRef, subjects = [] } = binding;
  if (roleRef.apiGroup !== RBAC_GROUP)
    errors.push(notSupported("roleRef.apiGroup", roleRef.apiGroup, [RBAC_GROUP]));
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported("roleRef.kind", roleRef.kind, kinds));
  const fault = roleRef.name ? pathSegmentFault(roleRef.name) : undefined;
  if (!roleRef.name) errors.push(requiredValue("roleRef.name"));
  else if (fault !== undefined) errors.push(invalidValue("roleRef.name", roleRef.name, fault));
  for (const [index, subject] of subjects.entries()) {
    checkSubject(`subjects[${index}]`, subject, namespaced, errors);
  }
  const before = old?.roleRef ?? roleRef;
  if (ROLE_PARTS.some((part) => before[part] !== roleRef[part])) {
    errors.push(invalidValue("roleRef", roleRef, "cannot change roleRef"));
  }
  return errors;
}

/** Who users and groups are is said by others; that they have no name is said twice. */
function checkSubject(field: string, subject: Subject, namespaced: boolean, errors: FieldError[]): void {
  const { kind, name, namespace, apiGroup = "" } = subject;
  if (!name) errors.push(requiredValue(`${field}.name`));
  if (kind === "ServiceAccount") {
    const fault = name ? dnsSubdomainFault(name) : undefined;
    if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
    if (apiGroup !== "") errors.push(notSupported(`${field}.apiGroup`, apiGroup, [""]));
    if (!namespaced && !namespace) errors.push(requiredValue(`${field}.namespace`));
    return;
  }
  if (kind !== "User" && kind !== "Group") {
    errors.push(notSupported(`${field}.kind`, kind ?? "", SUBJECTS));
    return;
  }
  if (!name) errors.push(invalidValue(`${field}.name`, "", `${kind.toLowerCase()} name cannot be empty`));
  if (apiGroup !== RBAC_GROUP) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [RBAC_GROUP]));
}
