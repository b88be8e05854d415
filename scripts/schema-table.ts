/**
 * Makes the schema table and its documentation from the declarations of the package kubernetes-types and the tables in
 * schema-keys.ts. The same input gives the same bytes. The notation is described in src/api/schema/README.md.
 */
import { posix } from "node:path";
import {
  type Declaration,
  type DeclarationFile,
  type DeclaredField,
  type DeclaredType,
  readDeclarations,
} from "./declarations.ts";
import { ADDED_FIELDS, INT64_FIELDS, MERGE_RULES } from "./schema-keys.ts";

/** What is served, and all that it reaches. */
const ROOTS: readonly (readonly [string, string])[] = [
  ["core/v1", "Pod"],
  ["core/v1", "Node"],
  ["core/v1", "Namespace"],
  ["core/v1", "Event"],
  ["core/v1", "Binding"],
  ["coordination/v1", "Lease"],
  ["policy/v1", "Eviction"],
  ["meta/v1", "DeleteOptions"],
];

const SCALARS: Readonly<Record<string, string>> = {
  string: "s",
  boolean: "b",
  number: "i",
  Quantity: "q",
  Time: "t",
  MicroTime: "u",
  RawExtension: "x",
  FieldsV1: "x",
};
/** Types that are no structs: documented under their own names, for explain. */
const ALIASES: readonly (readonly [string, string])[] = [
  ["api/resource", "Quantity"],
  ["meta/v1", "Time"],
  ["meta/v1", "MicroTime"],
  ["meta/v1", "FieldsV1"],
  ["runtime", "RawExtension"],
];

/**
 * The two generated files as texts.
 * @param readModule gives the text of a module of the package, by a path such as `core/v1`
 */
export function makeSchemaTable(readModule: (path: string) => string): {
  readonly types: string;
  readonly documentation: string;
} {
  const collector = new Collector(readModule);
  for (const [module, name] of ROOTS) collector.collect(module, name);
  return { types: collector.types(), documentation: collector.documentation() };
}

interface Found {
  readonly module: string;
  readonly declaration: Declaration;
}

class Collector {
  readonly #readModule: (path: string) => string;
  readonly #files = new Map<string, DeclarationFile>();
  readonly #found = new Map<string, Found>();

  constructor(readModule: (path: string) => string) {
    this.#readModule = readModule;
  }

  /** Takes a type and all that it reaches. */
  collect(module: string, name: string): void {
    const full = schemaName(module, name);
    if (this.#found.has(full)) return;
    const declaration = this.#file(module).interfaces.find((candidate) => candidate.name === name);
    if (declaration === undefined) throw new Error(`${full} is not declared`);
    this.#found.set(full, { module, declaration });
    for (const field of declaration.fields) this.#collectType(module, field.type);
  }

  types(): string {
    const names = this.#names();
    const indexOf = new Map(names.map((name, index) => [name, index]));
    const rows = names.map((name) => JSON.stringify([name, this.#encodeFields(name, indexOf)]));
    return `{"types":[\n${rows.join(",\n")}\n]}\n`;
  }

  documentation(): string {
    const types = this.#names().map((name) => [name, documentationOf(this.#found.get(name) as Found)]);
    const aliases = ALIASES.map(([module, name]) => [schemaName(module, name), this.#aliasDoc(module, name)]);
    return `${JSON.stringify(Object.fromEntries([...types, ...aliases]))}\n`;
  }

  #names(): string[] {
    return [...this.#found.keys()].sort();
  }

  #file(module: string): DeclarationFile {
    let read = this.#files.get(module);
    if (read === undefined) {
      read = readDeclarations(this.#readModule(module));
      this.#files.set(module, read);
    }
    return read;
  }

  #moduleOf(module: string, name: string): string {
    const imported = this.#file(module).imports.get(name);
    return imported === undefined ? module : posix.normalize(`${posix.dirname(module)}/${imported}`);
  }

  #collectType(module: string, type: DeclaredType): void {
    if (type.kind === "array" || type.kind === "map") this.#collectType(module, type.of);
    else if (type.kind === "name" && SCALARS[type.name] === undefined) {
      this.collect(this.#moduleOf(module, type.name), type.name);
    }
  }

  #encodeFields(name: string, indexOf: ReadonlyMap<string, number>): Record<string, unknown> {
    const { module, declaration } = this.#found.get(name) as Found;
    const reference = (type: string): number =>
      indexOf.get(schemaName(this.#moduleOf(module, type), type)) as number;
    const fields: [string, unknown][] = declaration.fields.map((field) => [
      field.name,
      encodeField(declaration.name, field, reference),
    ]);
    for (const [added, { type }] of Object.entries(ADDED_FIELDS[declaration.name] ?? {})) {
      fields.push([added, scalar(declaration.name, added, type)]);
    }
    return Object.fromEntries(fields.sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  #aliasDoc(module: string, name: string): Record<string, string> {
    const { aliases, interfaces } = this.#file(module);
    const doc = aliases.get(name) ?? interfaces.find((declaration) => declaration.name === name)?.doc;
    return { "": doc ?? "" };
  }
}

/** `core/v1` and `Pod` -> `io.k8s.api.core.v1.Pod`. */
function schemaName(module: string, name: string): string {
  const dotted = module.replaceAll("/", ".");
  if (module === "api/resource" || module === "runtime") return `io.k8s.apimachinery.pkg.${dotted}.${name}`;
  const isMeta = module.startsWith("meta/");
  return isMeta ? `io.k8s.apimachinery.pkg.apis.${dotted}.${name}` : `io.k8s.api.${dotted}.${name}`;
}

/** Gives the place of a type in the table. */
type Reference = (type: string) => number;

function encodeField(owner: string, field: DeclaredField, reference: Reference): unknown {
  const type = encodeType(owner, field.name, field.type, reference) + (field.required ? "!" : "");
  const rule = MERGE_RULES[owner]?.[field.name];
  return rule === undefined ? type : [type, rule];
}

function encodeType(owner: string, field: string, type: DeclaredType, reference: Reference): string {
  switch (type.kind) {
    case "array":
      return `[${encodeType(owner, field, type.of, reference)}`;
    case "map":
      return `{${encodeType(owner, field, type.of, reference)}`;
    case "literal":
      return "s";
    case "union":
      return "o";
    case "name":
      return SCALARS[type.name] === undefined ? `@${reference(type.name)}` : scalar(owner, field, type.name);
  }
}

function scalar(owner: string, field: string, type: string): string {
  return type === "number" && INT64_FIELDS.has(`${owner}.${field}`) ? "l" : (SCALARS[type] as string);
}

function documentationOf({ declaration }: Found): Record<string, string> {
  const added = Object.entries(ADDED_FIELDS[declaration.name] ?? {}).map(([field, { doc }]) => [field, doc]);
  const fields = declaration.fields.map(({ name, doc }) => [name, doc]);
  return { "": declaration.doc, ...Object.fromEntries([...fields, ...added]) };
}
