import { type FieldNotation, type FieldSchema, readField } from "./field-schema.ts";
import generated from "./kubernetes.generated.json" with { type: "json" };
import { KUBESIM_TYPES } from "./kubesim.ts";

/** A type with its fields, as walks over objects use it. */
export interface ObjectType {
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** The type of that name, or undefined when the table has none. Types are read on first use. */
export function objectType(name: string): ObjectType | undefined {
  const known = types.get(name);
  if (known !== undefined) return known;
  const read = readOwn(name) ?? readGenerated(name);
  if (read !== undefined) types.set(name, read);
  return read;
}

/** Every type's name: Kubernetes' in order, then kubesim's own. */
export function typeNames(): readonly string[] {
  return [...TABLE.map(([name]) => name), ...Object.keys(KUBESIM_TYPES)];
}

type Row = readonly [name: string, fields: Readonly<Record<string, FieldNotation>>];

const TABLE = generated.types as unknown as readonly Row[];
const types = new Map<string, ObjectType>();
let rowOf: ReadonlyMap<string, Row> | undefined;

function readOwn(name: string): ObjectType | undefined {
  if (!Object.hasOwn(KUBESIM_TYPES, name)) return undefined;
  const own = Object.entries(KUBESIM_TYPES[name]?.fields ?? {});
  const fields = own.map(([field, [notation]]) => [field, readField(notation, (ref) => ref)] as const);
  return { name, fields: new Map(fields) };
}

function readGenerated(name: string): ObjectType | undefined {
  rowOf ??= new Map(TABLE.map((row) => [row[0], row]));
  const row = rowOf.get(name);
  if (row === undefined) return undefined;
  const nameAt = (index: string): string => (TABLE[Number(index)] as Row)[0];
  const fields = Object.entries(row[1]).map(
    ([field, notation]) => [field, readField(notation, nameAt)] as const,
  );
  return { name, fields: new Map(fields) };
}
