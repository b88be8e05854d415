import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, NOT_NEGATIVE, requiredValue } from "../field-errors.ts";
import { GPU_MILLI, gpuRequestFault } from "../gpu.ts";
import { qualifiedNameFault } from "../names.ts";
import { canonicalQuantity, parseQuantity } from "../quantity.ts";
import type { Container } from "./pod.ts";

type Quantities = Readonly<Record<string, string>>;

/** What Kubernetes says of a text that is no quantity. */
export const QUANTITY_FAULT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** ValidateResourceQuantityValue: never negative, and whole for what is counted. */
export function checkQuantity(field: string, resource: string, text: string, errors: FieldError[]): void {
  const amount = parseQuantity(text);
  if (amount === undefined) errors.push(invalidValue(field, text, QUANTITY_FAULT));
  else if (amount < 0) errors.push(invalidValue(field, canonicalQuantity(text), NOT_NEGATIVE));
  else if (isCounted(resource) && !Number.isInteger(amount)) {
    errors.push(invalidValue(field, canonicalQuantity(text), "must be an integer"));
  }
}

/** Whether a name without a domain is one that Kubernetes knows of (IsStandardResourceName). */
export function isStandardResource(resource: string): boolean {
  return STANDARD.has(resource) || COUNTS.has(resource) || isHugePages(resource);
}

/** validateResourceName; returns whether the name is one of a resource at all. */
export function checkResourceName(field: string, resource: string, errors: FieldError[]): boolean {
  const fault = qualifiedNameFault(resource);
  if (fault !== undefined) errors.push(invalidValue(field, resource, fault));
  else if (!resource.includes("/") && !isStandardResource(resource)) {
    const detail = "must be a standard resource type or fully qualified";
    errors.push(invalidValue(field, resource, detail));
  } else return true;
  return false;
}

/** validateContainerResourceName: what containers can ask for. */
export function checkContainerResourceName(field: string, resource: string, errors: FieldError[]): void {
  if (CONTAINER_RESOURCES.has(resource) || isExtended(resource)) return;
  checkResourceName(field, resource, errors);
  if (!resource.includes("/") && !isHugePages(resource)) {
    errors.push(invalidValue(field, resource, "must be a standard resource for containers"));
  } else if (resource.startsWith("requests.")) {
    errors.push(invalidValue(field, resource, "doesn't follow extended resource name standard"));
  }
}

/** Requests and limits of one container, or overhead as limits (ValidateContainerResourceRequirements). */
export function checkResources(
  field: string,
  { limits, requests }: NonNullable<Container["resources"]>,
  errors: FieldError[],
): void {
  if (limits !== undefined) checkAmounts(`${field}.limits`, limits, errors);
  // Where limits stand for requests, what is wrong with them is said once.
  if (requests !== undefined && requests !== limits) {
    checkAmounts(`${field}.requests`, requests, errors);
    for (const resource in requests) {
      checkRequest(field, resource, requests[resource] as string, limits?.[resource], errors);
    }
  }
  if (hasHugePagesAlone({ ...limits, ...requests })) {
    errors.push(forbidden(field, "HugePages require cpu or memory"));
  }
}

function checkAmounts(field: string, quantities: Quantities, errors: FieldError[]): void {
  for (const resource in quantities) {
    const at = `${field}[${resource}]`;
    checkContainerResourceName(at, resource, errors);
    checkQuantity(at, resource, quantities[resource] as string, errors);
  }
  const gpuMilli = quantities[GPU_MILLI];
  const gpuFault = gpuMilli === undefined ? undefined : gpuRequestFault(parseQuantity(gpuMilli) ?? 0);
  if (gpuFault !== undefined) errors.push(invalidValue(`${field}[${GPU_MILLI}]`, gpuMilli, gpuFault));
}

function checkRequest(
  field: string,
  resource: string,
  request: string,
  limit: string | undefined,
  errors: FieldError[],
): void {
  const isExact = isExtended(resource) || isHugePages(resource);
  if (limit === undefined) {
    if (!isExact) return;
    errors.push(requiredValue(`${field}.limits`, "Limit must be set for non overcommitable resources"));
    return;
  }
  const asked = parseQuantity(request);
  const allowed = parseQuantity(limit);
  if (asked === undefined || allowed === undefined || asked === allowed || (asked < allowed && !isExact))
    return;
  const relation = isExact ? "equal to" : "less than or equal to";
  const detail = `must be ${relation} ${resource} limit of ${canonicalQuantity(limit)}`;
  errors.push(invalidValue(`${field}.requests`, canonicalQuantity(request), detail));
}

function hasHugePagesAlone(all: Quantities): boolean {
  return all.cpu === undefined && all.memory === undefined && Object.keys(all).some(isHugePages);
}

const CONTAINER_RESOURCES = new Set(["cpu", "memory", "ephemeral-storage"]);
const COUNTS = new Set([
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);
const STANDARD = new Set([
  ...CONTAINER_RESOURCES,
  ...["cpu", "memory", "ephemeral-storage", "storage"].map((resource) => `requests.${resource}`),
  ...["cpu", "memory", "ephemeral-storage"].map((resource) => `limits.${resource}`),
  "storage",
]);

function isHugePages(resource: string): boolean {
  return resource.startsWith("hugepages-") || resource.startsWith("requests.hugepages-");
}

function isCounted(resource: string): boolean {
  return COUNTS.has(resource) || isExtended(resource);
}

/** Counted devices such as `nvidia.com/gpu`: whole numbers that cannot be overcommitted. */
function isExtended(resource: string): boolean {
  return resource.includes("/") && !resource.includes("kubernetes.io/") && !resource.startsWith("requests.");
}
