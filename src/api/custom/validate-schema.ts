import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { isFields } from "../patch/own-data.ts";
import { compileCheck } from "./check.ts";
import { type JsonSchema, propertyOf, valuesOf } from "./json-schema.ts";
import { compilePattern } from "./pattern.ts";
import { compilePruner } from "./prune.ts";
import { Report } from "./report.ts";
import { validateCosts } from "./rules/estimate/limits.ts";
import { compileRules } from "./rules/rule-tree.ts";
import { validateExpressions, validateRuleForms } from "./rules/validate-rules.ts";
import { validateListType } from "./validate-list-type.ts";
import { validateLogic } from "./validate-logic.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];

/** Fields of JSON Schema that no structural schema has. */
const FORBIDDEN = [
  "$ref",
  "$schema",
  "definitions",
  "dependencies",
  "id",
  "patternProperties",
  "additionalItems",
] as const;

/**
 * What keeps a schema from being structural, in the words of k8s.io/apiextensions-apiserver. `loadEngines` must have
 * been awaited.
 */
export function validateSchema(schema: JsonSchema, field: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type === undefined || schema.type === "") {
    errors.push(requiredValue(`${field}.type`, "must not be empty at the root"));
  } else if (schema.type !== "object") {
    errors.push(invalidValue(`${field}.type`, schema.type, "must be object at the root"));
  }
  checkRootMetadata(schema, field, errors);
  checkNode(schema, field, errors, ROOT);
  // A default is judged by the schema around it, so that one must be sound first.
  if (errors.length === 0) checkDefaults(schema, field, errors);
  const rules = errors.length === 0 ? compileRules(schema) : undefined;
  if (rules !== undefined) {
    validateExpressions(rules, field, errors);
    validateCosts(rules, field, errors);
  }
  return errors;
}

/** Metadata is always that of Kubernetes; only names can be narrowed. */
function checkRootMetadata(schema: JsonSchema, field: string, errors: FieldError[]): void {
  const metadata = propertyOf(schema, "metadata");
  if (metadata === undefined) return;
  const others = Object.keys(metadata.properties ?? {}).filter(
    (name) => name !== "name" && name !== "generateName",
  );
  if (others.length === 0) return;
  const detail =
    "must not specify anything other than name and generateName, but metadata is implicitly specified";
  errors.push(forbidden(`${field}.properties[metadata]`, detail));
}

/** Where in a schema a part of it stands. */
interface Place {
  /** What Kubernetes says where the type is missing; undefined where that was said already. */
  readonly missingType?: string;
  /** True within apiVersion, kind and metadata of an object, which have meanings of their own. */
  readonly isMeta: boolean;
  /** Why there may be no default. */
  readonly noDefault?: string;
}

const ROOT: Place = { isMeta: false };
const META_FIELDS = ["metadata", "kind", "apiVersion"];
const OF_FIELD = "must not be empty for specified object fields";
const OF_ITEM = "must not be empty for specified array items";

function checkNode(schema: JsonSchema, field: string, errors: FieldError[], place: Place): void {
  checkForbidden(schema, field, errors);
  checkPlace(schema, field, errors, place);
  checkType(schema, field, errors, place.missingType);
  checkPattern(schema, field, errors);
  checkExtensions(schema, field, errors);
  validateListType(schema, field, errors);
  validateLogic(schema, field, errors);
  validateRuleForms(schema, field, errors);
  const { noDefault, isMeta } = place;
  const inner = { isMeta, ...(noDefault !== undefined && { noDefault }) };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const here = { ...inner, ...metaPlace(schema, name, place), missingType: OF_FIELD };
    checkNode(property, `${field}.properties[${name}]`, errors, here);
  }
  const values = valuesOf(schema);
  if (values !== undefined) {
    const inMeta = isMeta && { noDefault: "inside additionalProperties applying to object metadata" };
    checkNode(values, `${field}.additionalProperties`, errors, {
      ...inner,
      ...inMeta,
      missingType: OF_FIELD,
    });
  }
  if (isFields(schema.items)) {
    checkNode(schema.items, `${field}.items`, errors, { ...inner, missingType: OF_ITEM });
  }
}

/** How a field of an object, or of one that is embedded, differs: what every object has is not for schemas to say. */
function metaPlace(schema: JsonSchema, name: string, place: Place): Partial<Place> {
  const isObject = place === ROOT || schema["x-kubernetes-embedded-resource"] === true;
  if (!isObject || !META_FIELDS.includes(name)) return {};
  return { isMeta: true, ...(place === ROOT && { noDefault: `in top-level ${name}` }) };
}

function checkPlace(
  schema: JsonSchema,
  field: string,
  errors: FieldError[],
  { isMeta, noDefault }: Place,
): void {
  if (schema.default !== undefined && noDefault !== undefined) {
    errors.push(forbidden(`${field}.default`, `must not be set ${noDefault}`));
  }
  if (!isMeta || schema["x-kubernetes-embedded-resource"] !== true) return;
  const detail = "must not be used inside of resource meta";
  errors.push(forbidden(`${field}.x-kubernetes-embedded-resource`, detail));
}

function checkForbidden(schema: JsonSchema, field: string, errors: FieldError[]): void {
  const given = schema as Readonly<Record<string, unknown>>;
  for (const name of FORBIDDEN) {
    if (given[name] !== undefined) errors.push(forbidden(`${field}.${name}`, `${name} is not supported`));
  }
  if (schema.uniqueItems === true) {
    const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.push(forbidden(`${field}.uniqueItems`, detail));
  }
  if (schema.additionalProperties === false) {
    errors.push(forbidden(`${field}.additionalProperties`, "additionalProperties cannot be set to false"));
  }
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    const detail = "additionalProperties and properties are mutual exclusive";
    errors.push(forbidden(`${field}.additionalProperties`, detail));
  }
  if (Array.isArray(schema.items)) {
    errors.push(forbidden(`${field}.items`, "items must be a schema object and not an array"));
  }
}

function checkType(
  schema: JsonSchema,
  field: string,
  errors: FieldError[],
  missingType: string | undefined,
): void {
  const { type = "" } = schema;
  const isEither = schema["x-kubernetes-int-or-string"] === true;
  const isFree = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (type === "null") {
    errors.push(forbidden(`${field}.type`, "type cannot be set to null, use nullable as an alternative"));
  } else if (type !== "" && !TYPES.includes(type)) {
    errors.push(notSupported(`${field}.type`, type, TYPES));
  }
  if (isEither && type !== "") {
    errors.push(forbidden(`${field}.type`, "must be empty if x-kubernetes-int-or-string is true"));
  }
  if (type === "" && !isEither && !isFree && missingType !== undefined) {
    errors.push(requiredValue(`${field}.type`, missingType));
  }
  if (type === "array" && schema.items === undefined) {
    errors.push(requiredValue(`${field}.items`, "must be specified"));
  }
}

function checkPattern({ pattern }: JsonSchema, field: string, errors: FieldError[]): void {
  if (pattern === undefined) return;
  try {
    compilePattern(pattern);
  } catch (error) {
    const detail = `must be a valid regular expression, but isn't: ${(error as Error).message}`;
    errors.push(invalidValue(`${field}.pattern`, pattern, detail));
  }
}

function checkExtensions(schema: JsonSchema, field: string, errors: FieldError[]): void {
  const preserve = "x-kubernetes-preserve-unknown-fields";
  const embedded = "x-kubernetes-embedded-resource";
  if (schema[preserve] === false) {
    errors.push(invalidValue(`${field}.${preserve}`, false, "must be true or undefined"));
  }
  if (schema[preserve] && schema.type !== undefined && schema.type !== "" && schema.type !== "object") {
    errors.push(invalidValue(`${field}.type`, schema.type, `must be object if ${preserve} is true`));
  }
  if (schema[embedded] !== true) return;
  if (schema.type !== "object") {
    errors.push(invalidValue(`${field}.type`, schema.type ?? "", `must be object if ${embedded} is true`));
  }
  if (!schema[preserve] && schema.properties === undefined) {
    errors.push(
      requiredValue(`${field}.properties`, `must not be empty if ${embedded} is true without ${preserve}`),
    );
  }
}

/** A default must be a value that the schema around it takes. */
function checkDefaults(schema: JsonSchema, field: string, errors: FieldError[]): void {
  if (schema.default !== undefined) checkDefault(schema, `${field}.default`, errors);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    checkDefaults(property, `${field}.properties[${name}]`, errors);
  }
  const values = valuesOf(schema);
  if (values !== undefined) checkDefaults(values, `${field}.additionalProperties`, errors);
  if (schema.items !== undefined) checkDefaults(schema.items, `${field}.items`, errors);
}

function checkDefault(schema: JsonSchema, field: string, errors: FieldError[]): void {
  const unknown: string[] = [];
  compilePruner(schema)(schema.default, [], unknown);
  if (unknown.length > 0) errors.push(invalidValue(field, schema.default, "must not have unknown fields"));
  const report = new Report();
  compileCheck(schema)(schema.default, report);
  for (const { error } of report.faults) {
    const place = error.field === "" || error.field === "<nil>" ? field : `${field}.${error.field}`;
    errors.push({ ...error, field: place });
  }
}
