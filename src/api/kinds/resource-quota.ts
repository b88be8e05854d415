import type { FieldError } from "../errors.ts";
import { invalidValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { checkScopes } from "./resource-quota-scopes-validation.ts";
import { checkQuantity, checkResourceName, isStandardResource } from "./resource-validation.ts";

type Quantities = Readonly<Record<string, string>>;

/** v1 ResourceQuota: how much a namespace may have of each resource. */
export interface ResourceQuota extends KubeObject {
  readonly spec: {
    readonly hard?: Quantities;
    /** It counts only pods that fit all of them. */
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly QuotaScope[] };
  };
  readonly status: { readonly hard?: Quantities; readonly used?: Quantities };
}

/** One thing that pods must be to be counted. */
export interface QuotaScope {
  readonly scopeName: string;
  /** In and NotIn for PriorityClass only. */
  readonly operator: string;
  readonly values?: readonly string[];
}

export const resourceQuotas: Kind<ResourceQuota> = {
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  singular: "resourcequota",
  shortNames: ["quota"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.ResourceQuota",
  statusSubresource: true,
  columns: [
    NAME,
    AGE,
    textColumn("Request", "Used and allowed requests and counts.", (quota: ResourceQuota) =>
      usageText(quota, (resource) => !resource.startsWith("limits.")),
    ),
    textColumn("Limit", "Used and allowed limits.", (quota: ResourceQuota) =>
      usageText(quota, (resource) => resource.startsWith("limits.")),
    ),
  ],
  selectableFields: {},
  setDefaults: (quota) =>
    quota.spec === undefined || quota.status === undefined
      ? { ...quota, spec: quota.spec ?? {}, status: quota.status ?? {} }
      : quota,
  prepareForCreate: (quota) => ({ ...quota, status: {} }),
  validate: validateQuota,
};

function validateQuota(quota: ResourceQuota, old: ResourceQuota | undefined): readonly FieldError[] {
  const errors = validateMetadata(quota.metadata, old?.metadata);
  if (quota.spec === old?.spec) return errors;
  for (const [resource, amount] of Object.entries(quota.spec.hard ?? {})) {
    const field = `spec.hard[${resource}]`;
    checkQuotaResource(field, resource, errors);
    checkQuantity(field, resource, amount, errors);
  }
  checkScopes(quota, old, errors);
  return errors;
}

/** ValidateResourceQuotaResourceName: a name without a domain is one of those that quotas know. */
function checkQuotaResource(field: string, resource: string, errors: FieldError[]): void {
  const isSound = checkResourceName(field, resource, errors);
  if (resource.includes("/") || (isSound && isStandardResource(resource) && resource !== "storage")) return;
  errors.push(invalidValue(field, resource, "must be a standard resource for quota"));
}

function usageText({ spec, status }: ResourceQuota, isShown: (resource: string) => boolean): string {
  const { hard = {} } = spec;
  return Object.keys(hard)
    .filter(isShown)
    .sort()
    .map((resource) => `${resource}: ${status.used?.[resource] ?? "0"}/${hard[resource]}`)
    .join(", ");
}
