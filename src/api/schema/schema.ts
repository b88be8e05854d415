import { ApiError, type FieldError } from "../errors.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import type { FieldSchema } from "./field-schema.ts";
import { objectType } from "./table.ts";

export { conform } from "./conform.ts";
export type { FieldSchema } from "./field-schema.ts";

/** What the schema says of a field of a type; undefined when there is no such type or field. */
export function fieldSchema(schemaName: string, field: string): FieldSchema | undefined {
  return objectType(schemaName)?.fields.get(field);
}

/** Whether server-side apply owns objects of the type as one value (x-kubernetes-map-type atomic). */
export function isAtomic(schemaName: string): boolean {
  return objectType(schemaName)?.atomic === true;
}

type NamedKind = Pick<Kind, "group" | "version" | "kind">;

/** 400 for values of a wrong type; Kubernetes tells the first. */
export function cannotBeHandled(kind: NamedKind, errors: readonly FieldError[]): ApiError {
  return decodingError(kind, errors[0]?.message ?? "");
}

/** 400 for fields that nobody knows, under fieldValidation=Strict. */
export function strictDecodingError(kind: NamedKind, unknownFields: readonly string[]): ApiError {
  const texts = unknownFields.map((path) => unknownFieldText(path));
  return decodingError(kind, `strict decoding error: ${texts.join(", ")}`);
}

/** How strict errors and warnings name a field that nobody knows. */
export function unknownFieldText(path: string): string {
  return `unknown field ${JSON.stringify(path)}`;
}

function decodingError(kind: NamedKind, why: string): ApiError {
  const { version } = kind;
  const inVersion = kind.group === "" ? version : apiVersionOf(kind);
  const message = `${kind.kind} in version ${JSON.stringify(inVersion)} cannot be handled as a ${kind.kind}: ${why}`;
  return new ApiError("BadRequest", message);
}
