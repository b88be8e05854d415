import type { FieldError } from "../errors.ts";
import { invalidValue, requiredValue } from "../field-errors.ts";
import { dnsSubdomainFault, pathSegmentFault } from "../names.ts";

/** v1 TypedLocalObjectReference: an object of any kind. */
export interface LocalReference {
  readonly apiGroup?: string;
  readonly kind?: string;
  readonly name?: string;
}

/** Names of what parameters and backends of other kinds are (validateIngressTypedLocalObjectReference). */
export function checkLocalReference(
  field: string,
  { apiGroup, kind, name }: LocalReference,
  errors: FieldError[],
): void {
  const fault = apiGroup === undefined ? undefined : dnsSubdomainFault(apiGroup);
  if (fault !== undefined) errors.push(invalidValue(`${field}.apiGroup`, apiGroup, fault));
  checkSegment(`${field}.kind`, kind, errors);
  checkSegment(`${field}.name`, name, errors);
}

function checkSegment(field: string, text: string | undefined, errors: FieldError[]): void {
  const fault = text ? pathSegmentFault(text) : undefined;
  if (!text) errors.push(requiredValue(field));
  else if (fault !== undefined) errors.push(invalidValue(field, text, fault));
}
