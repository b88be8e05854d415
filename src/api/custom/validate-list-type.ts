import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { type JsonSchema, propertyOf } from "./json-schema.ts";

const LIST_TYPES = ["atomic", "map", "set"];
const MAP_TYPES = ["atomic", "granular"];
const LIST_TYPE = "x-kubernetes-list-type";
const MAP_TYPE = "x-kubernetes-map-type";
const MAP_KEYS = "x-kubernetes-list-map-keys";

/** Rules of x-kubernetes-list-type, -list-map-keys and -map-type. */
export function validateListType(schema: JsonSchema, field: string, errors: FieldError[]): void {
  const listType = schema[LIST_TYPE];
  const keys = schema[MAP_KEYS] ?? [];
  if (listType !== undefined) {
    if (schema.type !== "array") {
      const detail = `must be array if ${LIST_TYPE} is specified`;
      errors.push(invalidValue(`${field}.type`, schema.type ?? "", detail));
    }
    if (!LIST_TYPES.includes(listType))
      errors.push(notSupported(`${field}.${LIST_TYPE}`, listType, LIST_TYPES));
  }
  if (listType === "map") checkMapKeys(schema, keys, field, errors);
  else if (keys.length > 0) {
    errors.push(forbidden(`${field}.${MAP_KEYS}`, `must be empty if ${LIST_TYPE} is not map`));
  }
  if (listType === "set") checkSetItems(schema, field, errors);
  const mapType = schema[MAP_TYPE];
  if (mapType === undefined) return;
  if (schema.type !== "object") {
    const detail = `must be object if ${MAP_TYPE} is specified`;
    errors.push(invalidValue(`${field}.type`, schema.type ?? "", detail));
  }
  if (!MAP_TYPES.includes(mapType)) errors.push(notSupported(`${field}.${MAP_TYPE}`, mapType, MAP_TYPES));
}

function checkMapKeys(
  { items = {} }: JsonSchema,
  keys: readonly string[],
  field: string,
  errors: FieldError[],
): void {
  if (keys.length === 0) {
    errors.push(requiredValue(`${field}.${MAP_KEYS}`, `must not be empty if ${LIST_TYPE} is map`));
  }
  if (items.type !== "object") {
    const detail = `must be object if parent array's ${LIST_TYPE} is map`;
    errors.push(invalidValue(`${field}.items.type`, items.type ?? "", detail));
    return;
  }
  if (keys.some((key) => propertyOf(items, key) === undefined)) {
    errors.push(invalidValue(`${field}.${MAP_KEYS}`, keys, "entries must all be names of item properties"));
    return;
  }
  if (new Set(keys).size < keys.length) {
    errors.push(invalidValue(`${field}.${MAP_KEYS}`, keys, "must not contain duplicate entries"));
  }
  for (const key of keys) {
    const property = propertyOf(items, key) as JsonSchema;
    if (property.default !== undefined || items.required?.includes(key)) continue;
    const detail = `this property is in ${MAP_KEYS}, so it must have a default or be a required property`;
    errors.push(requiredValue(`${field}.items.properties[${key}].default`, detail));
  }
}

function checkSetItems({ items = {} }: JsonSchema, field: string, errors: FieldError[]): void {
  const isAtomicList = items.type === "array" && (items[LIST_TYPE] ?? "atomic") === "atomic";
  const isAtomicMap = items.type === "object" && items[MAP_TYPE] === "atomic";
  if (items.nullable) {
    errors.push(forbidden(`${field}.items.nullable`, `cannot be nullable when ${LIST_TYPE} is set`));
  }
  if (items.type === "object" && !isAtomicMap) {
    const detail = `must be atomic as item of a list with ${LIST_TYPE}=set`;
    errors.push(invalidValue(`${field}.items.${MAP_TYPE}`, items[MAP_TYPE] ?? "", detail));
  } else if (items.type === "array" && !isAtomicList) {
    const detail = `must be atomic as item of a list with ${LIST_TYPE}=set`;
    errors.push(invalidValue(`${field}.items.${LIST_TYPE}`, items[LIST_TYPE], detail));
  }
}
