import { type FieldNotation, type FieldSchema, readField } from "./field-schema.ts";
import generated from "./kubernetes.generated.json" with { type: "json" };
import { OWN_TYPES } from "./own-types.ts";

/** A type with its fields, as walks over objects use it. */
export interface ObjectType {
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** x-kubernetes-map-type atomic: server-side apply owns an object of the type as one value. */
  readonly atomic: boolean;
}

/** The type of that name, or undefined when the table has none. Types are read on first use. */
export function objectType(name: string): ObjectType | undefined {
  const known = types.get(name);
  if (known !== undefined) return known;
  const read = readOwn(name) ?? readGenerated(name);
  if (read !== undefined) types.set(name, read);
  return read;
}

/** Every type's name: the generated ones in order, then those written by hand. */
export function typeNames(): readonly string[] {
  return [...TABLE.map(([name]) => name), ...Object.keys(OWN_TYPES)];
}

type Row = readonly [name: string, fields: Readonly<Record<string, FieldNotation>>, atomic?: "atomic"];

const TABLE = generated.types as unknown as readonly Row[];
const types = new Map<string, ObjectType>();
let rowOf: ReadonlyMap<string, Row> | undefined;

function readOwn(name: string): ObjectType | undefined {
  if (!Object.hasOwn(OWN_TYPES, name)) return undefined;
  const own = Object.entries(OWN_TYPES[name]?.fields ?? {});
  const fields = own.map(([field, [notation]]) => [field, readField(notation, (ref) => ref)] as const);
  return { name, fields: new Map(fields), atomic: false };
}

function readGenerated(name: string): ObjectType | undefined {
  rowOf ??= new Map(TABLE.map((row) => [row[0], row]));
  const row = rowOf.get(name);
  if (row === undefined) return undefined;
  const nameAt = (index: string): string => (TABLE[Number(index)] as Row)[0];
  const fields = Object.entries(row[1]).map(
    ([field, notation]) => [field, readField(notation, nameAt)] as const,
  );
  return { name, fields: new Map(fields), atomic: row[2] === "atomic" };
}
