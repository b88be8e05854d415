/** What the schema says of one field, of the items of a list, or of the values of a map. */
export interface FieldSchema {
  readonly type: "string" | "boolean" | "integer" | "number" | "object" | "array" | "map" | "any" | Special;
  /** Of integers, and of strings that hold bytes in base64. */
  readonly format?: "int32" | "int64" | "byte";
  /** Of objects: name of their type in the table. Of any: the type of those values that are objects, if it is known. */
  readonly ref?: string;
  /** Of objects of a type that the table does not have (custom resources): their fields. */
  readonly fields?: ReadonlyMap<string, FieldSchema>;
  /** Of arrays. */
  readonly items?: FieldSchema;
  /** Of maps: what every value is. */
  readonly values?: FieldSchema;
  readonly required: boolean;
  /** x-kubernetes-patch-merge-key: strategic patches merge the list's items by this field. */
  readonly patchMergeKey?: string;
  /** x-kubernetes-patch-strategy: `merge` or `merge,retainKeys`; absent means that the whole is replaced. */
  readonly patchStrategy?: string;
  /** x-kubernetes-list-type or -map-type, as server-side apply sees it; absent means atomic for lists. */
  readonly listType?: "map" | "set" | "atomic";
  /** x-kubernetes-list-map-keys, of lists of type `map`. */
  readonly listMapKeys?: readonly string[];
  /** Of a list map key: what a missing one means, since items are told apart before defaults are set. */
  readonly default?: unknown;
}

/** Strings with rules of their own: a Quantity, an IntOrString, a Time and a MicroTime. */
export type Special = "quantity" | "int-or-string" | "time" | "micro-time";

/** How a field is merged, as the table writes it. */
export interface MergeRule {
  readonly key?: string;
  readonly strategy?: string;
  readonly mapKeys?: readonly string[];
  readonly type?: "map" | "set" | "atomic";
  readonly default?: string;
}

/** A field in the table's notation (README.md): its type's letters, perhaps with a merge rule. */
export type FieldNotation = string | readonly [string, MergeRule];

const LETTERS: Readonly<Record<string, Omit<FieldSchema, "required">>> = {
  s: { type: "string" },
  y: { type: "string", format: "byte" },
  b: { type: "boolean" },
  i: { type: "integer", format: "int32" },
  l: { type: "integer", format: "int64" },
  n: { type: "number" },
  q: { type: "quantity" },
  o: { type: "int-or-string" },
  t: { type: "time" },
  u: { type: "micro-time" },
  x: { type: "any" },
};

/**
 * Reads the notation of a field.
 * @param nameOf the type name that stands behind `@`: an index or the name itself.
 */
export function readField(notation: FieldNotation, nameOf: (reference: string) => string): FieldSchema {
  if (typeof notation === "string") return readType(notation, nameOf);
  const [type, { key, strategy, mapKeys, type: listType, default: meant }] = notation;
  const listMapKeys = mapKeys ?? (listType === "map" && key !== undefined ? [key] : undefined);
  return {
    ...readType(type, nameOf),
    ...(key !== undefined && { patchMergeKey: key }),
    ...(strategy !== undefined && { patchStrategy: strategy }),
    ...(listType !== undefined && { listType }),
    ...(listMapKeys !== undefined && { listMapKeys }),
    ...(meant !== undefined && { default: meant }),
  };
}

function readType(notation: string, nameOf: (reference: string) => string): FieldSchema {
  const required = notation.endsWith("!");
  const type = required ? notation.slice(0, -1) : notation;
  if (type.startsWith("[")) return { type: "array", items: readType(type.slice(1), nameOf), required };
  if (type.startsWith("{")) return { type: "map", values: readType(type.slice(1), nameOf), required };
  if (type.startsWith("@")) return { type: "object", ref: nameOf(type.slice(1)), required };
  if (type.startsWith("|@")) return { type: "any", ref: nameOf(type.slice(2)), required };
  const scalar = LETTERS[type];
  if (scalar === undefined) throw new Error(`the schema table has no type ${notation}`);
  return { ...scalar, required };
}
