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
  return new DecodingError(kind, errors[0]?.message ?? "");
}

/** 400 for fields that nobody knows, under fieldValidation=Strict. */
export function strictDecodingError(kind: NamedKind, unknownFields: readonly string[]): ApiError {
  const texts = unknownFields.map((path) => unknownFieldText(path));
  return new DecodingError(kind, `strict decoding error: ${texts.join(", ")}`);
}

/** How strict errors and warnings name a field that nobody knows. */
export function unknownFieldText(path: string): string {
  return `unknown field ${JSON.stringify(path)}`;
}

/** A body that does not become an object of its kind; `why` is what the decoder says. */
export class DecodingError extends ApiError {
  readonly why: string;

  constructor({ group, version, kind }: NamedKind, why: string) {
    const inVersion = group === "" ? version : apiVersionOf({ group, version });
    super(
      "BadRequest",
      `${kind} in version ${JSON.stringify(inVersion)} cannot be handled as a ${kind}: ${why}`,
    );
    this.why = why;
  }
}
