import type { FieldError } from "../errors.ts";
import { forbidden, requiredValue } from "../field-errors.ts";
import { isFields } from "../patch/own-data.ts";
import { type JsonSchema, propertyOf } from "./json-schema.ts";

/** What a part of allOf, anyOf, oneOf or not must leave to the schema around it, and how Kubernetes says so. */
const STRUCTURE = {
  description: "must be empty to be structural",
  title: "must be empty to be structural",
  type: "must be empty to be structural",
  default: "must be undefined to be structural",
  nullable: "must be false to be structural",
  additionalProperties: "must be undefined to be structural",
  "x-kubernetes-preserve-unknown-fields": "must be false to be structural",
  "x-kubernetes-embedded-resource": "must be false to be structural",
  "x-kubernetes-int-or-string": "must be false to be structural",
  "x-kubernetes-list-type": "must be undefined to be structural",
  "x-kubernetes-list-map-keys": "must be empty to be structural",
  "x-kubernetes-map-type": "must be undefined to be structural",
} as const;

/** Rules of the schemas within allOf, anyOf, oneOf and not: they may narrow the structure, not make it. */
export function validateLogic(schema: JsonSchema, field: string, errors: FieldError[]): void {
  for (const [place, part, isEither] of partsOf(schema, field)) {
    checkPart(part, schema, place, isEither, errors);
  }
}

type Part = readonly [place: string, part: JsonSchema, isEither: boolean];

/** `isEither` marks the two parts by which x-kubernetes-int-or-string may say its types. */
function partsOf(schema: JsonSchema, field: string): readonly Part[] {
  const parts: Part[] = [];
  const mayBeEither = schema["x-kubernetes-int-or-string"] === true;
  for (const word of ["allOf", "anyOf", "oneOf"] as const) {
    (schema[word] ?? []).forEach((part, index) => {
      const isEither = mayBeEither && (word === "anyOf" || (word === "allOf" && index === 0));
      parts.push([`${field}.${word}[${index}]`, part, isEither]);
    });
  }
  if (schema.not !== undefined) parts.push([`${field}.not`, schema.not, false]);
  return parts;
}

function checkPart(
  part: JsonSchema,
  around: JsonSchema,
  field: string,
  isEither: boolean,
  errors: FieldError[],
): void {
  for (const name of Object.keys(STRUCTURE) as (keyof typeof STRUCTURE)[]) {
    const value = part[name];
    if (value === undefined || value === "" || value === false) continue;
    if (name === "type" && isEither && (value === "integer" || value === "string")) continue;
    errors.push(forbidden(`${field}.${name}`, STRUCTURE[name]));
  }
  for (const [name, property] of Object.entries(part.properties ?? {})) {
    const place = `${field}.properties[${name}]`;
    const specified = propertyOf(around, name);
    if (specified === undefined)
      errors.push(requiredValue(place, "must be specified outside of it to be structural"));
    checkPart(property, specified ?? {}, place, false, errors);
  }
  if (isFields(part.items)) checkPart(part.items, around.items ?? {}, `${field}.items`, false, errors);
  for (const [place, inner, innerEither] of partsOf(part, field)) {
    checkPart(inner, around, place, innerEither || isEither, errors);
  }
}
