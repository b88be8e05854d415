import type { FieldError } from "./errors.ts";

/*
 * The faults a field can have, worded as k8s.io/apimachinery/pkg/util/validation/field words them.
 * `field` is a path such as `spec.containers[0].name`.
 */

/** A field that must be given is not. */
export function requiredValue(field: string, detail?: string): FieldError {
  return { type: "Required", field, message: withDetail("Required value", detail) };
}

/** A value that breaks a rule; `detail` says which, and is empty where Kubernetes does not say. */
export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { type: "Invalid", field, message: withDetail(`Invalid value: ${shown(value)}`, detail) };
}

/** A value that breaks a rule and is too long to be named. */
export function unnamedValue(field: string, detail: string): FieldError {
  return { type: "Invalid", field, message: `Invalid value: ${detail}` };
}

/** What stands for a value that is not there (a nil pointer) where a value is named. */
export const NULL = "null";

/** A map with its keys in order, as Kubernetes shows maps. */
export function sortedMap(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, map[key] as string]),
  );
}

/** A value that is none of the possible ones. */
export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const values = supported.map((text) => JSON.stringify(text)).join(", ");
  const message = `Unsupported value: ${shown(value)}: supported values: ${values}`;
  return { type: "NotSupported", field, message };
}

/** A reference to something that is not there. */
export function notFoundValue(field: string, value: unknown): FieldError {
  return { type: "NotFound", field, message: `Not found: ${shown(value)}` };
}

/** A field that must not be given, or not be changed. */
export function forbidden(field: string, detail: string): FieldError {
  return { type: "Forbidden", field, message: `Forbidden: ${detail}` };
}

/** A value that there may be once only. */
export function duplicateValue(field: string, value: unknown, detail?: string): FieldError {
  return {
    type: "Duplicate",
    field,
    message: withDetail(`Duplicate value: ${shown(value)}`, detail),
  };
}

/** More bytes than are allowed. */
export function tooLong(field: string, maximumBytes: number): FieldError {
  return { type: "TooLong", field, message: `Too long: may not be more than ${maximumBytes} bytes` };
}

/** More items than are allowed. */
export function tooMany(field: string, actual: number, maximum: number): FieldError {
  const items = maximum === 1 ? "item" : "items";
  return { type: "TooMany", field, message: `Too many: ${actual}: must have at most ${maximum} ${items}` };
}

/** A value of a wrong type; `found` is the type that it has. */
export function wrongType(field: string, found: string, detail: string): FieldError {
  return { type: "TypeInvalid", field, message: `Invalid value: ${JSON.stringify(found)}: ${detail}` };
}

export const NOT_NEGATIVE = "must be greater than or equal to 0";
export const IMMUTABLE = "field is immutable";

/** A text that is not given is an empty one, as in Go. */
function shown(value: unknown): string {
  return JSON.stringify(value) ?? '""';
}

function withDetail(text: string, detail: string | undefined): string {
  return !detail ? text : `${text}: ${detail}`;
}
