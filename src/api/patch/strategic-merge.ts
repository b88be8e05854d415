import { badRequest } from "../errors.ts";
import { type FieldSchema, fieldSchema } from "../schema/schema.ts";
import { type Fields, FORBIDDEN_KEY, isFields, ownValue } from "./own-data.ts";
import { itemKey, mergeObjectList, mergeScalarList } from "./strategic-lists.ts";

const PATCH = "$patch";
const RETAIN_KEYS = "$retainKeys";
const SET_ORDER = "$setElementOrder/";
const DELETE_FROM = "$deleteFromPrimitiveList/";

/** Finds what the schema says of a field of the object at hand. */
type FieldLookup = (field: string) => FieldSchema | undefined;

/**
 * Kubernetes' strategic merge patch: like a merge patch, but lists that the schema gives a merge key merge item by
 * item, and directives (`$patch`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`, `$retainKeys`) say what a merge
 * alone can not. Shares what does not change; `__proto__` is never taken over.
 * @param schemaName type of the target in the schema table
 * @throws ApiError BadRequest for a directive that is none, Invalid for a list item without its merge key
 */
export function strategicMerge(schemaName: string, target: Fields, patch: Fields): Fields {
  return mergeFields(target, patch, (field) => fieldSchema(schemaName, field));
}

function mergeFields(target: Fields, patch: Fields, lookup: FieldLookup): Fields {
  const directive = ownValue(patch, PATCH);
  if (directive === "delete") return {};
  if (directive === "replace") return withoutDirectives(patch) as Fields;
  if (directive !== undefined && directive !== "merge") throw unknownDirective(directive);
  let merged: Record<string, unknown> | undefined;
  const set = (field: string, value: unknown) => {
    if (value === ownValue(target, field)) return;
    merged ??= { ...target };
    if (value === undefined) delete merged[field];
    else merged[field] = value;
  };
  for (const key of unretained(target, patch)) set(key, undefined);
  for (const field of changedFields(patch)) {
    set(field, mergedField(ownValue(merged ?? target, field), patch, field, lookup(field)));
  }
  return merged ?? target;
}

/** The fields a patch speaks of, be it in a directive alone. */
function changedFields(patch: Fields): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const key of Object.keys(patch)) {
    if (key === PATCH || key === RETAIN_KEYS || key === FORBIDDEN_KEY) continue;
    if (key.startsWith(SET_ORDER)) fields.add(key.slice(SET_ORDER.length));
    else if (key.startsWith(DELETE_FROM)) fields.add(key.slice(DELETE_FROM.length));
    else fields.add(key);
  }
  fields.delete(FORBIDDEN_KEY);
  return fields;
}

function mergedField(old: unknown, patch: Fields, field: string, schema: FieldSchema | undefined): unknown {
  const deleted = directiveList(patch, DELETE_FROM + field);
  const order = directiveList(patch, SET_ORDER + field);
  const value = ownValue(patch, field);
  if (value === null) return undefined;
  const merges = schema?.patchStrategy?.split(",").includes("merge") === true;
  if (Array.isArray(value) || order !== undefined || deleted !== undefined) {
    if (value !== undefined && !Array.isArray(value)) return withoutDirectives(value);
    if (!merges) return value === undefined ? old : withoutDirectives(value);
    return mergedList(old, (value ?? []) as readonly unknown[], order, deleted, schema as FieldSchema);
  }
  if (!isFields(value)) return value;
  if (schema?.patchStrategy === "replace" || !isFields(old)) return withoutDirectives(value);
  return mergeFields(old, value, lookupWithin(schema));
}

function mergedList(
  old: unknown,
  items: readonly unknown[],
  order: readonly unknown[] | undefined,
  deleted: readonly unknown[] | undefined,
  schema: FieldSchema,
): readonly unknown[] | undefined {
  const before: readonly unknown[] = Array.isArray(old) ? old : [];
  const { patchMergeKey: mergeKey } = schema;
  if (mergeKey === undefined) return mergeScalarList(before, items, order, deleted);
  const lookup = lookupWithin(schema.items);
  const kept: Fields[] = [];
  const removed = new Set<unknown>();
  let replaces = false;
  for (const item of items) {
    if (!isFields(item)) throw badRequest("a strategic merge patch can not merge lists of lists and scalars");
    const directive = ownValue(item, PATCH);
    if (directive === "delete") removed.add(itemKey(item, mergeKey));
    else if (directive === "replace") replaces = true;
    else if (directive === undefined || directive === "merge") kept.push(item);
    else throw unknownDirective(directive);
  }
  const stays = (item: unknown) => !isFields(item) || !removed.has(item[mergeKey]);
  const base = replaces ? [] : removed.size > 0 ? before.filter(stays) : before;
  const merge = (target: Fields | undefined, item: Fields): Fields =>
    target === undefined ? (withoutDirectives(item) as Fields) : mergeFields(target, item, lookup);
  return mergeObjectList(base, kept, order, mergeKey, merge);
}

function lookupWithin(schema: FieldSchema | undefined): FieldLookup {
  const { ref, values } = schema ?? {};
  if (ref !== undefined) return (field) => fieldSchema(ref, field);
  return () => values;
}

/** Keys of the target that `$retainKeys` does not name. */
function unretained(target: Fields, patch: Fields): readonly string[] {
  const retained = directiveList(patch, RETAIN_KEYS);
  if (retained === undefined) return [];
  for (const key of changedFields(patch)) {
    if (!retained.includes(key)) {
      throw badRequest(`${RETAIN_KEYS} must name every field of its patch; it lacks ${JSON.stringify(key)}`);
    }
  }
  return Object.keys(target).filter((key) => !retained.includes(key));
}

function directiveList(patch: Fields, directive: string): readonly unknown[] | undefined {
  const list = ownValue(patch, directive);
  if (list === undefined || Array.isArray(list)) return list as readonly unknown[] | undefined;
  throw badRequest(`${JSON.stringify(directive)} in a strategic merge patch must be a list`);
}

/** New data as the patch gives it, without directives, nulls and forbidden keys. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isFields(item) || (item[PATCH] !== "delete" && item[PATCH] !== "replace"))
      .map(withoutDirectives);
  }
  if (!isFields(value)) return value;
  const plain: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const isDirective =
      key === PATCH || key === RETAIN_KEYS || key.startsWith(SET_ORDER) || key.startsWith(DELETE_FROM);
    if (isDirective || key === FORBIDDEN_KEY || value[key] === null) continue;
    plain[key] = withoutDirectives(value[key]);
  }
  return plain;
}

function unknownDirective(directive: unknown): Error {
  return badRequest(`a strategic merge patch knows no directive ${PATCH}: ${JSON.stringify(directive)}`);
}
