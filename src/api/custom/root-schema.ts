import type { FieldError } from "../errors.ts";
import { invalidValue } from "../field-errors.ts";
import type { JsonSchema } from "./json-schema.ts";

/** What the root of a schema may have where status is written apart, by Kubernetes' own names of the fields. */
const ALLOWED: Readonly<Record<string, string>> = {
  description: "Description",
  type: "Type",
  format: "Format",
  title: "Title",
  maximum: "Maximum",
  exclusiveMaximum: "ExclusiveMaximum",
  minimum: "Minimum",
  exclusiveMinimum: "ExclusiveMinimum",
  maxLength: "MaxLength",
  minLength: "MinLength",
  pattern: "Pattern",
  maxItems: "MaxItems",
  minItems: "MinItems",
  uniqueItems: "UniqueItems",
  multipleOf: "MultipleOf",
  required: "Required",
  items: "Items",
  properties: "Properties",
  externalDocs: "ExternalDocs",
  example: "Example",
  "x-kubernetes-preserve-unknown-fields": "XPreserveUnknownFields",
  "x-kubernetes-validations": "XValidations",
};

/** The schema of status is taken out of that of the whole, so that rules at the root would be lost. */
export function checkRootWithStatus(schema: JsonSchema, field: string, errors: FieldError[]): void {
  if (schema.type && schema.type !== "object") {
    const only =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    errors.push(invalidValue(`${field}.type`, schema.type, only));
    return;
  }
  const isSet = ([, value]: [string, unknown]) => value !== undefined && value !== false && value !== "";
  const other = Object.entries(schema).find((entry) => isSet(entry) && !Object.hasOwn(ALLOWED, entry[0]));
  if (other === undefined) return;
  const names = Object.values(ALLOWED).join(" ");
  const detail = `only [${names}] fields are allowed at the root of the schema if the status subresource is enabled`;
  errors.push(invalidValue(field, schema, detail));
}
