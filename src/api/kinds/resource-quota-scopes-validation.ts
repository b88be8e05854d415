import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, requiredValue } from "../field-errors.ts";
import type { QuotaScope, ResourceQuota } from "./resource-quota.ts";

/** Scopes that a pod has or has not. */
const PLAIN_SCOPES = [
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "CrossNamespacePodAffinity",
];
const SCOPES = new Set([...PLAIN_SCOPES, "PriorityClass"]);
const CONTRARY = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;

/** Resources of which Kubernetes knows that no scope is about them. */
const UNSCOPED = new Set([
  "ephemeral-storage",
  "requests.ephemeral-storage",
  "limits.ephemeral-storage",
  "requests.storage",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
  "services.nodeports",
  "services.loadbalancers",
]);
/** Pods that ask for nothing can only be counted. */
const COMPUTE = new Set(["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"]);

/** Scopes of a quota (validation.go, validateResourceQuotaScopes and validateScopedResourceSelectorRequirement). */
export function checkScopes(
  { spec }: ResourceQuota,
  old: ResourceQuota | undefined,
  errors: FieldError[],
): void {
  const { scopes = [], scopeSelector } = spec;
  const hard = Object.keys(spec.hard ?? {}).sort();
  for (const scope of scopes) {
    if (!SCOPES.has(scope)) errors.push(invalidValue("spec.scopes", scopes, "unsupported scope"));
    checkResources("spec.scopes", scopes, scope, hard, errors);
  }
  checkContrary("spec.scopes", scopes, scopes, errors);
  const field = "spec.scopeSelector.matchExpressions";
  const expressions = scopeSelector?.matchExpressions ?? [];
  for (const one of expressions) {
    if (!SCOPES.has(one.scopeName)) {
      errors.push(invalidValue(`${field}.scopeName`, one.scopeName, "unsupported scope"));
    }
    checkResources(field, scopeSelector, one.scopeName, hard, errors);
    checkOperator(field, one, errors);
  }
  checkContrary(
    field,
    scopeSelector,
    expressions.map(({ scopeName }) => scopeName),
    errors,
  );
  if (old !== undefined && !deepEqual([...scopes].sort(), [...(old.spec.scopes ?? [])].sort())) {
    errors.push(invalidValue("spec.scopes", scopes, IMMUTABLE));
  }
}

function checkResources(
  field: string,
  value: unknown,
  scope: string,
  hard: readonly string[],
  errors: FieldError[],
): void {
  for (const resource of hard) {
    const isFit = !UNSCOPED.has(resource) && !(scope === "BestEffort" && COMPUTE.has(resource));
    if (!isFit) errors.push(invalidValue(field, value, "unsupported scope applied to resource"));
  }
}

function checkContrary(field: string, value: unknown, scopes: readonly string[], errors: FieldError[]): void {
  for (const pair of CONTRARY) {
    if (pair.every((one) => scopes.includes(one)))
      errors.push(invalidValue(field, value, "conflicting scopes"));
  }
}

const MUST_EXIST =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

function checkOperator(
  field: string,
  { scopeName, operator, values = [] }: QuotaScope,
  errors: FieldError[],
): void {
  if (PLAIN_SCOPES.includes(scopeName) && operator !== "Exists") {
    errors.push(invalidValue(`${field}.operator`, operator, MUST_EXIST));
  }
  const isOfValues = operator === "In" || operator === "NotIn";
  if (isOfValues && values.length === 0) {
    const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    errors.push(requiredValue(`${field}.values`, detail));
  }
  if ((operator === "Exists" || operator === "DoesNotExist") && values.length > 0) {
    const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    errors.push(invalidValue(`${field}.values`, values, detail));
  }
  if (!isOfValues && operator !== "Exists" && operator !== "DoesNotExist") {
    errors.push(invalidValue(`${field}.operator`, operator, "not a valid selector operator"));
  }
}
