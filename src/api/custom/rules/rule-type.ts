import type { Environment } from "@marcbachmann/cel-js";
import { deepEqual } from "../../deep-equal.ts";
import { isFields } from "../../patch/own-data.ts";
import { type JsonSchema, valuesOf } from "../json-schema.ts";
import { celDuration } from "./cel.ts";

/** A type of CEL that a schema declares, and the way from data of that schema to values of the type. */
export interface RuleType {
  readonly name: string;
  /** Data that fits the schema, and is not null, as CEL has it. */
  toCel(value: unknown): unknown;
}

const TEXT: RuleType = { name: "string", toCel: (value) => value };
const INTEGER: RuleType = { name: "int", toCel: wholeNumber };

/** What every object is known by, whatever its schema says. */
export const OBJECT_FIELDS: JsonSchema = {
  type: "object",
  properties: {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { type: "object", properties: { name: { type: "string" }, generateName: { type: "string" } } },
  },
};

/**
 * Declares the type of a schema, and those within it under names that begin with `name`. Undefined for what rules
 * cannot see: data without a type (Kubernetes' SchemaDeclType).
 */
export function declareType(
  environment: Environment,
  schema: JsonSchema,
  name: string,
  isResource = schema["x-kubernetes-embedded-resource"] === true,
): RuleType | undefined {
  if (schema["x-kubernetes-int-or-string"]) {
    return { name: "dyn", toCel: (value) => (typeof value === "string" ? value : wholeNumber(value)) };
  }
  switch (schema.type) {
    case "string":
      return textType(schema.format);
    case "integer":
      return INTEGER;
    case "number":
      return { name: "double", toCel: (value) => value };
    case "boolean":
      return { name: "bool", toCel: (value) => value };
    case "array": {
      const items = schema.items && declareType(environment, schema.items, `${name}.__items`);
      return items && listType(items);
    }
    case "object": {
      if (valuesOf(schema) === undefined) return objectType(environment, schema, name, isResource);
      const values = declareType(environment, valuesOf(schema) as JsonSchema, `${name}.__values`);
      return values && mapType(values);
    }
    default:
      return undefined;
  }
}

function textType(format: string | undefined): RuleType {
  switch (format) {
    case "date":
    case "date-time":
      return { name: "google.protobuf.Timestamp", toCel: (value) => new Date(String(value)) };
    case "duration":
      return {
        name: "google.protobuf.Duration",
        toCel: (value) => celDuration(nanosecondsOf(String(value))),
      };
    case "byte":
      return { name: "bytes", toCel: (value) => new Uint8Array(Buffer.from(String(value), "base64")) };
    default:
      return TEXT;
  }
}

function listType(items: RuleType): RuleType {
  return {
    name: `list<${items.name}>`,
    toCel: remembered((value) =>
      (value as readonly unknown[]).map((item) => (item === null ? null : items.toCel(item))),
    ),
  };
}

function mapType(values: RuleType): RuleType {
  return {
    name: `map<string, ${values.name}>`,
    toCel: remembered((value) => {
      const entries = Object.entries(value as object).filter(([, each]) => each !== null);
      return new Map(entries.map(([key, each]) => [key, values.toCel(each)]));
    }),
  };
}

function objectType(
  environment: Environment,
  schema: JsonSchema,
  name: string,
  isResource: boolean,
): RuleType {
  const properties = { ...schema.properties, ...(isResource && OBJECT_FIELDS.properties) };
  const fields = new Map<string, { readonly word: string; readonly type: RuleType }>();
  for (const [property, each] of Object.entries(properties)) {
    const word = escaped(property);
    // It would hide what the value is an object of.
    const type = word === "constructor" ? undefined : declareType(environment, each, `${name}.${word}`);
    if (type !== undefined) fields.set(property, { word, type });
  }
  class Value {}
  const types = [...fields.values()].map(({ word, type }) => [word, type.name] as const);
  environment.registerType(name, { ctor: Value, fields: Object.fromEntries(types) });
  const sources = new WeakMap<object, unknown>();
  environment.registerOperator(`${name} == ${name}`, (one: object, other: object) =>
    deepEqual(sources.get(one), sources.get(other)),
  );
  // A field that is null is one that is not there, so an object never is.
  environment.registerOperator(`${name} == null`, () => false);
  const toCel = (source: unknown): unknown => {
    const value = new Value() as Record<string, unknown>;
    for (const [property, each] of Object.entries(isFields(source) ? source : {})) {
      const field = fields.get(property);
      if (field !== undefined && each !== null) value[field.word] = field.type.toCel(each);
    }
    sources.set(value, source);
    return value;
  };
  return { name, toCel: remembered(toCel) };
}

/** Objects never change, so that each is turned but once. */
function remembered(toCel: (value: unknown) => unknown): (value: unknown) => unknown {
  const known = new WeakMap<object, unknown>();
  return (value) => {
    let cel = known.get(value as object);
    if (cel === undefined) {
      cel = toCel(value);
      known.set(value as object, cel);
    }
    return cel;
  };
}

function wholeNumber(value: unknown): unknown {
  return Number.isInteger(value) ? BigInt(value as number) : value;
}

const RESERVED = [
  ...["true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"],
  ...["import", "let", "loop", "package", "namespace", "return", "var", "void", "while"],
];
const SIGNS: Readonly<Record<string, string>> = {
  __: "__underscores__",
  ".": "__dot__",
  "-": "__dash__",
  "/": "__slash__",
};

/** A field's name as a word of CEL: `__` and signs are spelt out, reserved words put between `__`. */
export function escaped(property: string): string {
  if (RESERVED.includes(property)) return `__${property}__`;
  return property.replace(/__|[./-]/g, (sign) => SIGNS[sign] as string);
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

function nanosecondsOf(text: string): bigint {
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) {
    sum += Number(amount) * (UNITS[unit as string] as number);
  }
  return BigInt(Math.round(text.startsWith("-") ? -sum : sum));
}
