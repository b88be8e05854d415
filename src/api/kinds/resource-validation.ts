import type { FieldError } from "../errors.ts";
import { invalidValue, NOT_NEGATIVE, requiredValue } from "../field-errors.ts";
import { GPU_MILLI, gpuRequestFault } from "../gpu.ts";
import { qualifiedNameFault } from "../names.ts";
import { parseQuantity } from "../quantity.ts";
import type { Container } from "./pod.ts";

type Quantities = Readonly<Record<string, string>>;

/** What Kubernetes says of a text that is no quantity. */
export const QUANTITY_FAULT =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Resource lists of nodes and of pod overhead: known or qualified names, quantities that are not negative. */
export function checkQuantities(field: string, quantities: Quantities, errors: FieldError[]): void {
  for (const resource in quantities) {
    const text = quantities[resource] as string;
    const at = `${field}[${resource}]`;
    const amount = parseQuantity(text);
    if (amount === undefined) errors.push(invalidValue(at, text, QUANTITY_FAULT));
    else if (amount < 0) errors.push(invalidValue(at, text, NOT_NEGATIVE));
    else if (isExtended(resource) && !Number.isInteger(amount)) {
      errors.push(invalidValue(at, text, "must be an integer"));
    }
    const nameFault = qualifiedNameFault(resource);
    if (nameFault !== undefined) errors.push(invalidValue(at, resource, nameFault));
  }
}

/** Requests and limits of one container. `field` is its path. */
export function checkResources(
  field: string,
  resources: NonNullable<Container["resources"]>,
  errors: FieldError[],
): void {
  const { limits, requests } = resources;
  const before = errors.length;
  if (limits !== undefined) checkContainerQuantities(`${field}.resources.limits`, limits, errors);
  if (requests === undefined || requests === limits) return;
  checkContainerQuantities(`${field}.resources.requests`, requests, errors);
  if (errors.length > before) return;
  for (const resource in requests) {
    checkRequest(field, resource, requests[resource] as string, limits?.[resource], errors);
  }
}

function checkContainerQuantities(field: string, quantities: Quantities, errors: FieldError[]): void {
  for (const resource in quantities) {
    if (isContainerResource(resource)) continue;
    const detail = resource.includes("/")
      ? "must be a standard resource for containers"
      : "must be a standard resource type or fully qualified";
    errors.push(invalidValue(`${field}[${resource}]`, resource, detail));
  }
  const gpuMilli = quantities[GPU_MILLI];
  const gpuFault = gpuMilli === undefined ? undefined : gpuRequestFault(parseQuantity(gpuMilli) ?? 0);
  if (gpuFault !== undefined) errors.push(invalidValue(`${field}[${GPU_MILLI}]`, gpuMilli, gpuFault));
  checkQuantities(field, quantities, errors);
}

function checkRequest(
  field: string,
  resource: string,
  request: string,
  limit: string | undefined,
  errors: FieldError[],
): void {
  if (limit === undefined) {
    if (!isExtended(resource)) return;
    errors.push(
      requiredValue(`${field}.resources.limits`, "Limit must be set for non overcommitable resources"),
    );
    return;
  }
  const asked = parseQuantity(request) as number;
  const allowed = parseQuantity(limit) as number;
  const at = `${field}.resources.requests`;
  if (isExtended(resource) && asked !== allowed) {
    errors.push(invalidValue(at, request, `must be equal to ${resource} limit of ${limit}`));
  } else if (asked > allowed) {
    errors.push(invalidValue(at, request, `must be less than or equal to ${resource} limit of ${limit}`));
  }
}

const CONTAINER_RESOURCES = new Set(["cpu", "memory", "ephemeral-storage"]);

function isContainerResource(resource: string): boolean {
  return CONTAINER_RESOURCES.has(resource) || resource.startsWith("hugepages-") || isExtended(resource);
}

/** Counted devices such as `nvidia.com/gpu`: whole numbers that can not be overcommitted. */
function isExtended(resource: string): boolean {
  return resource.includes("/") && !resource.includes("kubernetes.io/");
}
