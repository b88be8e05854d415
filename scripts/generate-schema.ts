/**
 * Writes src/api/schema/kubernetes.generated.json and kubernetes-docs.generated.json from the declarations of the
 * package kubernetes-types and the tables in schema-keys.ts: `node --import tsx scripts/generate-schema.ts`.
 * The same input gives the same bytes. The notation is described in src/api/schema/README.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import {
  type Declaration,
  type DeclarationFile,
  type DeclaredField,
  type DeclaredType,
  readDeclarations,
} from "./declarations.ts";
import { ADDED_FIELDS, INT64_FIELDS, MERGE_RULES } from "./schema-keys.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const OUT = `${ROOT}src/api/schema/`;

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

const files = new Map<string, DeclarationFile>();
const found = new Map<string, { readonly module: string; readonly declaration: Declaration }>();

for (const [module, name] of ROOTS) collect(module, name);
const names = [...found.keys()].sort();
const indexOf = new Map(names.map((name, index) => [name, index]));
const types = names.map((name) => [name, encodeFields(name)]);
const docs = Object.fromEntries([...names.map(documentation), ...ALIASES.map(aliasDocumentation)]);

writeFileSync(`${OUT}kubernetes.generated.json`, oneLineEach("types", types));
writeFileSync(`${OUT}kubernetes-docs.generated.json`, `${JSON.stringify(docs, undefined, 0)}\n`);

function oneLineEach(key: string, items: readonly unknown[]): string {
  const lines = items.map((item) => JSON.stringify(item));
  return `{"${key}":[\n${lines.join(",\n")}\n]}\n`;
}

function file(module: string): DeclarationFile {
  let read = files.get(module);
  if (read === undefined) {
    read = readDeclarations(readFileSync(`${ROOT}node_modules/kubernetes-types/${module}.d.ts`, "utf8"));
    files.set(module, read);
  }
  return read;
}

/** `core/v1` and `Pod` -> `io.k8s.api.core.v1.Pod`. */
function schemaName(module: string, name: string): string {
  const dotted = module.replaceAll("/", ".");
  if (module === "api/resource" || module === "runtime") return `io.k8s.apimachinery.pkg.${dotted}.${name}`;
  const isMeta = module.startsWith("meta/");
  return isMeta ? `io.k8s.apimachinery.pkg.apis.${dotted}.${name}` : `io.k8s.api.${dotted}.${name}`;
}

function moduleOf(module: string, name: string): string {
  const imported = file(module).imports.get(name);
  return imported === undefined ? module : posix.normalize(`${posix.dirname(module)}/${imported}`);
}

function collect(module: string, name: string): void {
  const full = schemaName(module, name);
  if (found.has(full)) return;
  const declaration = file(module).interfaces.find((candidate) => candidate.name === name);
  if (declaration === undefined) throw new Error(`${full} is not declared`);
  found.set(full, { module, declaration });
  for (const field of declaration.fields) collectType(module, field.type);
}

function collectType(module: string, type: DeclaredType): void {
  if (type.kind === "array" || type.kind === "map") collectType(module, type.of);
  else if (type.kind === "name" && SCALARS[type.name] === undefined) {
    collect(moduleOf(module, type.name), type.name);
  }
}

function encodeFields(name: string): Record<string, unknown> {
  const { module, declaration } = found.get(name) as { module: string; declaration: Declaration };
  const fields: [string, unknown][] = declaration.fields.map((field) => [
    field.name,
    encodeField(module, declaration.name, field),
  ]);
  for (const [added, { type }] of Object.entries(ADDED_FIELDS[declaration.name] ?? {})) {
    fields.push([added, scalar(declaration.name, added, type)]);
  }
  return Object.fromEntries(fields.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function encodeField(module: string, owner: string, field: DeclaredField): unknown {
  const type = encodeType(module, owner, field.name, field.type) + (field.required ? "!" : "");
  const rule = MERGE_RULES[owner]?.[field.name];
  return rule === undefined ? type : [type, rule];
}

function encodeType(module: string, owner: string, field: string, type: DeclaredType): string {
  switch (type.kind) {
    case "array":
      return `[${encodeType(module, owner, field, type.of)}`;
    case "map":
      return `{${encodeType(module, owner, field, type.of)}`;
    case "literal":
      return "s";
    case "union":
      return "o";
    case "name":
      return SCALARS[type.name] === undefined
        ? `@${indexOf.get(schemaName(moduleOf(module, type.name), type.name))}`
        : scalar(owner, field, type.name);
  }
}

function scalar(owner: string, field: string, type: string): string {
  return type === "number" && INT64_FIELDS.has(`${owner}.${field}`) ? "l" : (SCALARS[type] as string);
}

function documentation(name: string): [string, Record<string, string>] {
  const { declaration } = found.get(name) as { declaration: Declaration };
  const added = Object.entries(ADDED_FIELDS[declaration.name] ?? {}).map(([field, { doc }]) => [field, doc]);
  const fields = [...declaration.fields.map((field) => [field.name, field.doc] as const), ...added];
  return [name, { "": declaration.doc, ...Object.fromEntries(fields) }];
}

function aliasDocumentation([module, name]: readonly [string, string]): [string, Record<string, string>] {
  const { aliases, interfaces } = file(module);
  const doc = aliases.get(name) ?? interfaces.find((declaration) => declaration.name === name)?.doc ?? "";
  return [schemaName(module, name), { "": doc }];
}
