import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { type JsonSchema, propertyOf } from "./json-schema.ts";

const LIST_TYPES = ["atomic", "set", "map"];
const NESTED = ["array", "object"];
const MAP_TYPES = ["atomic", "granular"];
const LIST_TYPE = "x-kubernetes-list-type";
const MAP_TYPE = "x-kubernetes-map-type";
const MAP_KEYS = "x-kubernetes-list-map-keys";

/** Rules of x-kubernetes-map-type, -list-type and -list-map-keys (ValidateCustomResourceDefinitionOpenAPISchema). */
export function validateListType(schema: JsonSchema, field: string, errors: FieldError[]): void {
  checkMapType(schema, field, errors);
  const listType = schema[LIST_TYPE];
  const keys = schema[MAP_KEYS] ?? [];
  if (listType !== undefined && schema.type !== "array") {
    checkHolder(schema, `${field}.type`, `must be array if ${LIST_TYPE} is specified`, errors);
  } else if (listType === "set") checkSetItems(schema, field, errors);
  if (listType !== undefined && !LIST_TYPES.includes(listType)) {
    errors.push(notSupported(`${field}.${LIST_TYPE}`, listType, LIST_TYPES));
  }
  if (keys.length > 0 && listType !== "map") {
    const detail = `must be map if ${MAP_KEYS} is non-empty`;
    const place = `${field}.${LIST_TYPE}`;
    errors.push(
      listType === undefined ? requiredValue(place, detail) : invalidValue(place, listType, detail),
    );
  }
  if (listType === "map") checkMapKeys(schema, keys, field, errors);
  if (listType !== "map" && listType !== "set") return;
  if (schema.items?.nullable) {
    errors.push(forbidden(`${field}.items.nullable`, `cannot be nullable when ${LIST_TYPE} is ${listType}`));
  }
  if (listType === "map") checkKeysAreGiven(schema.items ?? {}, keys, `${field}.items`, errors);
}

function checkMapType(schema: JsonSchema, field: string, errors: FieldError[]): void {
  const mapType = schema[MAP_TYPE];
  if (mapType === undefined) return;
  if (schema.type !== "object") {
    checkHolder(schema, `${field}.type`, `must be object if ${MAP_TYPE} is specified`, errors);
  }
  if (!MAP_TYPES.includes(mapType)) errors.push(notSupported(`${field}.${MAP_TYPE}`, mapType, MAP_TYPES));
}

/** What is said of a type that is not given, and of another one. */
function checkHolder({ type }: JsonSchema, field: string, detail: string, errors: FieldError[]): void {
  errors.push(type ? invalidValue(field, type, detail) : requiredValue(field, detail));
}

function checkMapKeys(
  { items }: JsonSchema,
  keys: readonly string[],
  field: string,
  errors: FieldError[],
): void {
  const place = `${field}.${MAP_KEYS}`;
  if (keys.length === 0) errors.push(requiredValue(place, `must not be empty if ${LIST_TYPE} is map`));
  if (items === undefined) {
    errors.push(requiredValue(`${field}.items`, `must have a schema if ${LIST_TYPE} is map`));
    return;
  }
  if (items.type !== "object") {
    const detail = `must be object if parent array's ${LIST_TYPE} is map`;
    errors.push(invalidValue(`${field}.items.type`, items.type ?? "", detail));
    return;
  }
  for (const [index, key] of keys.entries()) {
    const property = propertyOf(items, key);
    if (property === undefined) {
      errors.push(invalidValue(place, keys, "entries must all be names of item properties"));
    } else if (NESTED.includes(property.type ?? "")) {
      const detail = `must be a scalar type if parent array's ${LIST_TYPE} is map`;
      // The type that is named is that of the item, as in Kubernetes.
      errors.push(invalidValue(`${field}.items.properties[${key}].type`, items.type, detail));
    }
    if (keys.indexOf(key) < index) {
      errors.push(invalidValue(place, keys, "must not contain duplicate entries"));
    }
  }
}

/** By what items are told apart each of them must have. */
function checkKeysAreGiven(
  items: JsonSchema,
  keys: readonly string[],
  field: string,
  errors: FieldError[],
): void {
  for (const key of keys) {
    const property = propertyOf(items, key);
    if (property === undefined) continue;
    const place = `${field}.properties[${key}]`;
    const why = `this property is in ${MAP_KEYS}, so it`;
    if (property.default === undefined && !items.required?.includes(key)) {
      errors.push(requiredValue(`${place}.default`, `${why} must have a default or be a required property`));
    }
    if (property.nullable) errors.push(forbidden(`${place}.nullable`, `${why} cannot be nullable`));
  }
}

function checkSetItems({ items = {} }: JsonSchema, field: string, errors: FieldError[]): void {
  const detail = `must be atomic as item of a list with ${LIST_TYPE}=set`;
  if (items.type === "array" && (items[LIST_TYPE] ?? "atomic") !== "atomic") {
    errors.push(invalidValue(`${field}.items.${LIST_TYPE}`, items[LIST_TYPE], detail));
  } else if (items.type === "object" && items[MAP_TYPE] !== "atomic") {
    errors.push(invalidValue(`${field}.items.${MAP_TYPE}`, items[MAP_TYPE] ?? null, detail));
  }
}
