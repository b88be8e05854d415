/**
 * Makes the schema table and its documentation from the declarations of the package kubernetes-types, the table of
 * protobuf messages and what schema-keys.ts and schema-younger.ts add. The same input gives the same bytes. The
 * notation is described in src/api/schema/README.md.
 */
import type { Declaration, DeclaredField, DeclaredType } from "./declarations.ts";
import type { Declarations } from "./declared-types.ts";
import type { ProtobufFields } from "./protobuf-fields.ts";
import { ADDED_FIELDS, ATOMIC_TYPES, FORMATS, MERGE_RULES } from "./schema-keys.ts";
import { ROOTS, schemaName } from "./schema-roots.ts";
import { YOUNGER } from "./schema-younger.ts";

/** The two generated files as texts. */
export function makeSchemaTable(
  declarations: Declarations,
  protobuf: ProtobufFields,
): { readonly types: string; readonly documentation: string } {
  const collector = new Collector(declarations, protobuf);
  for (const [module, name] of ROOTS) collector.collect(schemaName(module, name));
  return { types: collector.types(), documentation: collector.documentation() };
}

/** A field of a type: its notation with names behind `@`, and what it means. */
interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly doc: string;
}

interface Found {
  readonly doc: string;
  readonly fields: readonly Field[];
}

/** What the declarations call types that are no structs. */
const SCALARS: Readonly<Record<string, string>> = {
  string: "s",
  boolean: "b",
  number: "i",
  Quantity: "q",
  Time: "t",
  MicroTime: "u",
  RawExtension: "x",
  FieldsV1: "x",
  JSON: "x",
};
/** Unions of one struct and something else. */
const UNIONS: Readonly<Record<string, string>> = {
  JSONSchemaPropsOrArray: "JSONSchemaProps",
  JSONSchemaPropsOrBool: "JSONSchemaProps",
  JSONSchemaPropsOrStringArray: "JSONSchemaProps",
};
/** Types that are no structs: documented under their own names, for explain. */
const ALIASES: readonly (readonly [string, string])[] = [
  ["api/resource", "Quantity"],
  ["meta/v1", "Time"],
  ["meta/v1", "MicroTime"],
  ["meta/v1", "FieldsV1"],
  ["runtime", "RawExtension"],
];
/** JSON has them; on the wire of protobuf they stand around the message. */
const TYPE_META: ReadonlySet<string> = new Set(["apiVersion", "kind"]);
const REFERENCE = /@([\w.-]+)/;

class Collector {
  readonly #declarations: Declarations;
  readonly #protobuf: ProtobufFields;
  readonly #found = new Map<string, Found>();

  constructor(declarations: Declarations, protobuf: ProtobufFields) {
    this.#declarations = declarations;
    this.#protobuf = protobuf;
  }

  /** Takes a type and all that it reaches. */
  collect(name: string): void {
    if (this.#found.has(name)) return;
    const declaration = this.#declarations.byName(name);
    const doc = declaration?.doc ?? youngerDoc(name, "");
    const fields = this.#fields(name, declaration);
    this.#found.set(name, { doc, fields });
    for (const { type } of fields) {
      const reference = REFERENCE.exec(type)?.[1];
      if (reference !== undefined) this.collect(reference);
    }
  }

  types(): string {
    const names = this.#names();
    const indexOf = new Map(names.map((name, index) => [name, index]));
    const rows = names.map((name) => {
      const atomic = ATOMIC_TYPES.some((end) => name.endsWith(`.${end}`)) ? ["atomic"] : [];
      return JSON.stringify([name, this.#encodeFields(name, indexOf), ...atomic]);
    });
    return `{"types":[\n${rows.join(",\n")}\n]}\n`;
  }

  documentation(): string {
    const types = this.#names().map((name) => [name, this.#documentationOf(name)]);
    const aliases = ALIASES.map(([module, name]) => [
      schemaName(module, name),
      { "": this.#declarations.aliasDoc(module, name) },
    ]);
    return `${JSON.stringify(Object.fromEntries([...types, ...aliases]))}\n`;
  }

  #names(): string[] {
    return [...this.#found.keys()].sort();
  }

  /** Declared fields without those that Kubernetes has taken out since, then the younger ones. */
  #fields(name: string, declaration: Declaration | undefined): Field[] {
    const encoded = this.#protobuf.of(name);
    if (declaration === undefined && encoded === undefined) throw new Error(`${name} is not declared`);
    const declared = (declaration?.fields ?? [])
      .filter((field) => encoded === undefined || encoded.has(field.name) || TYPE_META.has(field.name))
      .map((field) => ({ ...field, type: encoded?.get(field.name) ?? this.#declaredType(name, field) }));
    const known = new Set(declared.map((field) => field.name));
    const added = Object.entries(ADDED_FIELDS[shortName(name)] ?? {});
    const younger = [...(encoded ?? []), ...added]
      .filter(([field]) => !known.has(field))
      .map(([field, type]) => ({ name: field, type, required: false, doc: youngerDoc(name, field) }));
    return [...declared, ...younger];
  }

  #declaredType(owner: string, field: DeclaredField): string {
    const encode = (type: DeclaredType): string => {
      switch (type.kind) {
        case "array":
          return `[${encode(type.of)}`;
        case "map":
          return `{${encode(type.of)}`;
        case "literal":
          return "s";
        case "union":
          return "o";
        case "name": {
          const format = FORMATS[`${shortName(owner)}.${field.name}`];
          return format ?? SCALARS[type.name] ?? this.#reference(owner, type.name);
        }
      }
    };
    return encode(field.type);
  }

  #reference(owner: string, name: string): string {
    const module = owner.split(".").slice(-3, -1).join("/");
    const union = UNIONS[name];
    if (union !== undefined) return `|@${schemaName(module, union)}`;
    return `@${schemaName(this.#declarations.moduleOf(module, name), name)}`;
  }

  #encodeFields(name: string, indexOf: ReadonlyMap<string, number>): Record<string, unknown> {
    const rules = MERGE_RULES[shortName(name)] ?? {};
    const fields = this.#fieldsOf(name).map(({ name: field, type, required }) => {
      const indexed = type.replace(REFERENCE, (_, reference: string) => `@${indexOf.get(reference)}`);
      const notation = `${indexed}${required ? "!" : ""}`;
      const rule = rules[field];
      return [field, rule === undefined ? notation : [notation, rule]] as const;
    });
    return Object.fromEntries(fields.sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  #documentationOf(name: string): Record<string, string> {
    const fields = this.#fieldsOf(name).map(({ name: field, doc }) => [field, doc]);
    return { "": this.#found.get(name)?.doc ?? "", ...Object.fromEntries(fields) };
  }

  #fieldsOf(name: string): readonly Field[] {
    return this.#found.get(name)?.fields ?? [];
  }
}

function youngerDoc(schema: string, field: string): string {
  const doc = YOUNGER[shortName(schema)]?.[field];
  if (doc === undefined) throw new Error(`schema-younger.ts says nothing of ${shortName(schema)}.${field}`);
  return doc;
}

function shortName(schema: string): string {
  return schema.slice(schema.lastIndexOf(".") + 1);
}
