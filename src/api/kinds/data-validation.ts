import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue } from "../field-errors.ts";
import { tooLong } from "../names.ts";

/** All values of a ConfigMap or Secret together. */
export const DATA_BYTES = 1_024 * 1_024;

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_MESSAGE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  " +
  "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** Keys become file names (IsConfigMapKey of k8s.io/apimachinery). */
export function checkDataKeys(field: string, data: object | undefined, errors: FieldError[]): void {
  for (const key of Object.keys(data ?? {})) {
    const fault = dataKeyFault(key);
    if (fault !== undefined) errors.push(invalidValue(`${field}[${key}]`, key, fault));
  }
}

/** The bytes that base64 text stands for. */
export function decodedBytes(base64: string): number {
  return Buffer.byteLength(base64, "base64");
}

interface Lockable {
  readonly immutable?: boolean;
}

/** What was made immutable stays so, and so do the fields that are named. */
export function checkImmutable<T extends Lockable>(
  object: T,
  old: T | undefined,
  fields: readonly (keyof T & string)[],
  errors: FieldError[],
): void {
  if (old?.immutable !== true) return;
  const detail = "field is immutable when `immutable` is set";
  if (object.immutable !== true) errors.push(forbidden("immutable", detail));
  for (const field of fields) if (object[field] !== old[field]) errors.push(forbidden(field, detail));
}

/** What is wrong with a key of a ConfigMap or Secret; undefined when nothing is. */
export function dataKeyFault(key: string): string | undefined {
  if (key.length > 253) return tooLong(253);
  if (!KEY.test(key)) return KEY_MESSAGE;
  if (key === "." || key === "..") return `must not be '${key}'`;
  return key.startsWith("..") ? "must not start with '..'" : undefined;
}
