import { isFields } from "../patch/own-data.ts";
import { type JsonSchema, valuesOf } from "./json-schema.ts";

/** Fills in what a value leaves out and its schema has a default for. Shares what stays. */
export type Filler = (value: unknown) => unknown;

/** Makes the filler of a schema; undefined when there is no default anywhere in it. */
export function compileDefaults(schema: JsonSchema): Filler | undefined {
  const fields = fieldsWithDefaults(schema);
  const values = valuesOf(schema);
  const others = values === undefined ? undefined : compileDefaults(values);
  const items = schema.items === undefined ? undefined : compileDefaults(schema.items);
  if (fields.length === 0 && others === undefined && items === undefined) return undefined;
  return (value) => {
    if (Array.isArray(value)) return items === undefined ? value : fillItems(value, items);
    if (!isFields(value)) return value;
    let filled = fillFields(value, fields);
    if (others !== undefined) filled = fillOthers(filled, schema.properties ?? {}, others);
    return filled;
  };
}

interface Field {
  readonly name: string;
  readonly default: unknown;
  readonly nullable: boolean;
  readonly fill: Filler | undefined;
}

function fieldsWithDefaults(schema: JsonSchema): readonly Field[] {
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => ({
      name,
      default: property.default,
      nullable: property.nullable === true,
      fill: compileDefaults(property),
    }))
    .filter((field) => field.default !== undefined || field.fill !== undefined);
}

type Fields = Readonly<Record<string, unknown>>;

function fillFields(value: Fields, fields: readonly Field[]): Fields {
  let filled: Record<string, unknown> | undefined;
  for (const field of fields) {
    const { name, nullable, fill } = field;
    const before = Object.hasOwn(value, name) ? value[name] : undefined;
    const isMissing = before === undefined || (before === null && !nullable);
    let after = isMissing && field.default !== undefined ? field.default : before;
    if (fill !== undefined && after !== undefined) after = fill(after);
    if (after === before) continue;
    filled ??= { ...value };
    filled[name] = after;
  }
  return filled ?? value;
}

function fillOthers(value: Fields, known: object, others: Filler): Fields {
  let filled: Record<string, unknown> | undefined;
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(known, name)) continue;
    const after = others(value[name]);
    if (after === value[name]) continue;
    filled ??= { ...value };
    filled[name] = after;
  }
  return filled ?? value;
}

function fillItems(value: readonly unknown[], items: Filler): readonly unknown[] {
  let filled: unknown[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const after = items(value[index]);
    if (after === value[index]) continue;
    filled ??= [...value];
    filled[index] = after;
  }
  return filled ?? value;
}
