import { type FieldSchema, fieldSchema, isAtomic } from "../schema/schema.ts";

/** Into which parts, that may be owned apart, the schema divides a value. */
export type Structure =
  /** None: a scalar, or what is owned as one value. */
  | { readonly divides: "not" }
  /** An object or a map, by its fields. `isOpen`: entries of a map, which nobody may own. */
  | { readonly divides: "fields"; readonly isOpen: boolean; field(name: string): FieldSchema | undefined }
  /** A list, by what its items have in some fields. */
  | { readonly divides: "items"; readonly keys: readonly string[]; readonly item: FieldSchema }
  /** A list of different scalars. */
  | { readonly divides: "values" };

const WHOLE: Structure = { divides: "not" };
const VALUES: Structure = { divides: "values" };
/** Where nothing is known: objects by field, lists as a whole, like the deduced schema of structured-merge-diff. */
const FREE: Structure = { divides: "fields", isOpen: true, field: () => undefined };

const known = new WeakMap<FieldSchema, Structure>();

/** How a value of that schema is divided. Undefined: nothing is known of it. */
export function structureOf(schema: FieldSchema | undefined): Structure {
  if (schema === undefined) return FREE;
  let structure = known.get(schema);
  if (structure === undefined) {
    structure = readStructure(schema);
    known.set(schema, structure);
  }
  return structure;
}

function readStructure(schema: FieldSchema): Structure {
  const { type, ref, fields, listType, listMapKeys, items, values } = schema;
  if (listType === "atomic") return WHOLE;
  switch (type) {
    case "object":
      if (fields !== undefined)
        return { divides: "fields", isOpen: false, field: (name) => fields.get(name) };
      if (ref === undefined) return FREE;
      if (isAtomic(ref)) return WHOLE;
      return { divides: "fields", isOpen: false, field: (name) => fieldSchema(ref, name) };
    case "map":
      return { divides: "fields", isOpen: true, field: () => values };
    case "array":
      if (listType === "set") return VALUES;
      if (listType !== "map" || listMapKeys === undefined || items === undefined) return WHOLE;
      return { divides: "items", keys: [...listMapKeys].sort(), item: items };
    case "any":
      return FREE;
    default:
      return WHOLE;
  }
}

/** The path element of a list's item, `k:{"containerPort":80,"protocol":"TCP"}`. Keys with a default may be missing. */
export function itemElement(item: unknown, keys: readonly string[], schema: FieldSchema): string {
  let text = "";
  for (const key of keys) {
    const value = keyValue(item, key, schema);
    text += `${text === "" ? '"' : ',"'}${key}":${JSON.stringify(value ?? null)}`;
  }
  return `k:{${text}}`;
}

/** What an item has as a key of its list, or what is meant when it has none; undefined when nothing is. */
export function keyValue(item: unknown, key: string, schema: FieldSchema): unknown {
  const fields = item as Readonly<Record<string, unknown>> | null;
  const given = typeof fields === "object" && fields !== null ? fields[key] : undefined;
  if (given !== undefined && given !== null) return given;
  if (schema.fields !== undefined) return schema.fields.get(key)?.default;
  return schema.ref === undefined ? undefined : fieldSchema(schema.ref, key)?.default;
}

/** The path element of a value in a set. */
export function valueElement(value: unknown): string {
  return `v:${JSON.stringify(value)}`;
}
