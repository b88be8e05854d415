import { type JsonSchema, valuesOf } from "../../json-schema.ts";
import { escaped, OBJECT_FIELDS } from "../rule-type.ts";

/** How large values of a schema can be, as far as the schema and the size of a request limit them (DeclType). */
export interface Declared {
  /** Characters of texts, items of lists, entries of maps; 0 for what has no size of its own. */
  readonly maxElements: number;
  /** Bytes of the shortest JSON of such a value. */
  readonly minBytes: number;
  /** Of objects, by their words in CEL. */
  readonly fields?: ReadonlyMap<string, Declared>;
  /** Of lists and maps. */
  readonly elements?: Declared;
}

/** The largest request that a server takes (apiserver/pkg/cel/limits.go). */
export const REQUEST_BYTES_MAX = 3 * 1024 * 1024;

/** Bytes of the shortest JSON of a text: its quotes. So it is for lists and maps. */
const EMPTY_BYTES = 2;
const LONGEST_TEXT = REQUEST_BYTES_MAX - EMPTY_BYTES;
/** Characters may be of four bytes. */
const CHARACTER_BYTES_MAX = 4;
const TEXT: Declared = { maxElements: LONGEST_TEXT, minBytes: EMPTY_BYTES };
/** Texts of a format: the longest, and the shortest with its quotes. */
const FORMATS: Readonly<Record<string, Declared>> = {
  duration: { maxElements: 32, minBytes: 3 },
  date: { maxElements: 12, minBytes: 12 },
  "date-time": { maxElements: 32, minBytes: 21 },
};
/** Between name and value of an entry stand two quotes, a colon and a comma; a name has a character or two. */
const ENTRY_BYTES = 6;
const FIELD_BYTES = 4;

/** The sizes of a schema's values; undefined for what rules cannot see (SchemaDeclType). */
export function declaredOf(schema: JsonSchema, isResource: boolean): Declared | undefined {
  if (schema["x-kubernetes-int-or-string"]) {
    return { maxElements: charactersMax(schema) ?? LONGEST_TEXT, minBytes: 1 };
  }
  switch (schema.type) {
    case "array":
      return schema.items && listOf(schema, innerOf(schema.items));
    case "object": {
      const values = valuesOf(schema);
      return values === undefined ? objectOf(schema, isResource) : mapOf(schema, innerOf(values));
    }
    case "string":
      return textOf(schema);
    case "boolean":
      return { maxElements: 0, minBytes: 4 };
    case "number":
    case "integer":
      return { maxElements: 0, minBytes: 1 };
    default:
      return undefined;
  }
}

function innerOf(schema: JsonSchema): Declared | undefined {
  return declaredOf(schema, schema["x-kubernetes-embedded-resource"] === true);
}

function listOf({ maxItems }: JsonSchema, elements: Declared | undefined): Declared | undefined {
  if (elements === undefined) return undefined;
  const fitting = Math.floor(LONGEST_TEXT / (elements.minBytes + 1));
  const maxElements = maxItems === undefined ? fitting : Math.max(0, maxItems);
  return { maxElements, minBytes: EMPTY_BYTES, elements };
}

function mapOf({ maxProperties }: JsonSchema, elements: Declared | undefined): Declared | undefined {
  if (elements === undefined) return undefined;
  const fitting = Math.floor(LONGEST_TEXT / (elements.minBytes + ENTRY_BYTES));
  const maxElements = maxProperties === undefined ? fitting : Math.max(0, maxProperties);
  return { maxElements, minBytes: EMPTY_BYTES, elements };
}

function objectOf(schema: JsonSchema, isResource: boolean): Declared {
  const fields = new Map<string, Declared>();
  let minBytes = EMPTY_BYTES;
  const properties = { ...(isResource && OBJECT_FIELDS.properties), ...schema.properties };
  for (const [name, each] of Object.entries(properties)) {
    const declared = innerOf(each);
    if (declared === undefined) continue;
    fields.set(escaped(name), declared);
    // What has a default need not be sent.
    if (schema.required?.includes(name) && each.default === undefined) {
      minBytes += name.length + declared.minBytes + FIELD_BYTES;
    }
  }
  return { maxElements: 0, minBytes, fields };
}

function textOf(schema: JsonSchema): Declared {
  const { format = "", maxLength, enum: allowed } = schema;
  const formatted = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (formatted !== undefined) return formatted;
  if (format === "byte") return { ...TEXT, maxElements: maxLength ?? LONGEST_TEXT };
  const longest = charactersMax(schema);
  if (longest !== undefined) return { ...TEXT, maxElements: longest };
  if (allowed === undefined || allowed.length === 0) return TEXT;
  return { ...TEXT, maxElements: Math.max(0, ...allowed.map((each) => String(each).length)) };
}

function charactersMax({ maxLength }: JsonSchema): number | undefined {
  return maxLength === undefined ? undefined : Math.max(0, maxLength) * CHARACTER_BYTES_MAX;
}
