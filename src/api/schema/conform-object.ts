import type { Kind } from "../kind.ts";
import type { WriteOptions } from "../objects.ts";
import { cannotBeHandled, conform, strictDecodingError, unknownFieldText } from "./schema.ts";

/**
 * The object with types that fit the schema of its kind, without fields that nobody knows.
 * @throws ApiError BadRequest for wrong types, and for unknown fields under fieldValidation=Strict
 */
export function conformObject<T extends object>(
  kind: Pick<Kind, "group" | "version" | "kind" | "schema" | "custom">,
  object: T,
  { fieldValidation = "Warn", onWarning }: WriteOptions,
): T {
  const { value, unknownFields, errors } = kind.custom?.conform(object) ?? conform(kind.schema, object);
  if (errors.length > 0) throw cannotBeHandled(kind, errors);
  if (unknownFields.length > 0) {
    if (fieldValidation === "Strict") throw strictDecodingError(kind, unknownFields);
    if (fieldValidation === "Warn") for (const path of unknownFields) onWarning?.(unknownFieldText(path));
  }
  return value as T;
}
