import type { FieldError } from "../errors.ts";
import type { FieldSchema } from "./field-schema.ts";
import { conformScalar, isClean } from "./scalars.ts";
import { type ObjectType, objectType } from "./table.ts";

export interface Conformed {
  /** What to go on with: the very value given when nothing was dropped or rewritten. */
  readonly value: unknown;
  /** Paths of fields that the schema does not know, as in `spec.containers[0].imagee`. */
  readonly unknownFields: readonly string[];
  /** Values of a wrong type. `message` is a whole sentence in the words of Go's JSON decoder. */
  readonly errors: readonly FieldError[];
}

/** Free-form parts (managed fields) may nest so deep. */
const DEEPEST = 100;
const NOTHING: readonly never[] = Object.freeze([]);

/**
 * Checks the types of an object at every depth. Unknown fields, `__proto__` keys and nulls are dropped, numbers given
 * as quantities and times in other zones are rewritten. Nothing is copied while all is well: this runs on every write.
 * @throws Error when the table has no type of that name.
 */
export function conform(schemaName: string, value: unknown): Conformed {
  const type = objectType(schemaName);
  if (type === undefined) throw new Error(`the schema table has no type ${schemaName}`);
  const walk = new Walk(type);
  const conformed = isFields(value) ? walk.object(type, value) : walk.wrongRoot(value);
  return {
    value: conformed,
    unknownFields: walk.unknownFields ?? NOTHING,
    errors: walk.errors ?? NOTHING,
  };
}

type Fields = Record<string, unknown>;

/** Says that a field is to be dropped. */
const DROPPED = Symbol("dropped");

class Walk {
  unknownFields: string[] | undefined;
  errors: FieldError[] | undefined;
  readonly #root: ObjectType;
  /** Where the walk is: field names and list indexes from the root, without the innermost field. */
  readonly #path: (string | number)[] = [];

  constructor(root: ObjectType) {
    this.#root = root;
  }

  wrongRoot(value: unknown): unknown {
    const message = `json: cannot unmarshal ${jsonKind(value)} into Go value of type ${goStruct(this.#root.name)}`;
    this.errors = [{ type: "TypeInvalid", field: "", message }];
    return value;
  }

  object(type: ObjectType, value: Fields): Fields {
    let copy: Fields | undefined;
    for (const key in value) {
      const before = value[key];
      const field = type.fields.get(key);
      const after = field === undefined ? this.#unknown(key) : this.#value(type, field, key, before);
      if (after !== before) copy ??= upTo(value, key);
      if (copy !== undefined && after !== DROPPED) copy[key] = after;
    }
    return copy ?? value;
  }

  #value(owner: ObjectType, field: FieldSchema, key: string | number, value: unknown): unknown {
    if (isClean(field, value) || value === undefined) return value;
    if (value === null) return typeof key === "number" ? zeroOf(field) : DROPPED;
    switch (field.type) {
      case "object":
        return this.#nested(owner, field, key, value);
      case "array":
        return this.#array(owner, field, key, value);
      case "map":
        return this.#map(owner, field, key, value);
      case "any":
        return field.ref !== undefined && isFields(value)
          ? this.#nested(owner, field, key, value)
          : this.#any(key, value);
      default:
        return this.#scalar(owner, field, key, value);
    }
  }

  #nested(owner: ObjectType, field: FieldSchema, key: string | number, value: unknown): unknown {
    if (!isFields(value)) return this.#wrongType(owner, field, key, value);
    this.#path.push(key);
    const conformed = this.object(objectType(field.ref as string) as ObjectType, value);
    this.#path.pop();
    return conformed;
  }

  #array(owner: ObjectType, field: FieldSchema, key: string | number, value: unknown): unknown {
    if (!Array.isArray(value)) return this.#wrongType(owner, field, key, value);
    const items = field.items as FieldSchema;
    let copy: unknown[] | undefined;
    this.#path.push(key);
    for (let index = 0; index < value.length; index++) {
      const after = this.#value(owner, items, index, value[index]);
      if (after !== value[index]) copy ??= value.slice(0, index);
      copy?.push(after);
    }
    this.#path.pop();
    return copy ?? value;
  }

  #map(owner: ObjectType, field: FieldSchema, key: string | number, value: unknown): unknown {
    if (!isFields(value)) return this.#wrongType(owner, field, key, value);
    const values = field.values as FieldSchema;
    let copy: Fields | undefined;
    this.#path.push(key);
    for (const name in value) {
      const before = value[name];
      const after = name === "__proto__" ? this.#unknown(name) : this.#mapValue(owner, values, name, before);
      if (after !== before) copy ??= upTo(value, name);
      if (copy !== undefined && after !== DROPPED) copy[name] = after;
    }
    this.#path.pop();
    return copy ?? value;
  }

  /** A null in a map is the zero of its type, as Go has it, not nothing. */
  #mapValue(owner: ObjectType, values: FieldSchema, name: string, value: unknown): unknown {
    return value === null ? zeroOf(values) : this.#value(owner, values, name, value);
  }

  /** JSON of any shape: only what could harm is taken out. */
  #any(key: string | number, value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (this.#path.length >= DEEPEST) {
      this.#fault(key, "exceeded max depth");
      return value;
    }
    this.#path.push(key);
    let copy: Fields | unknown[] | undefined;
    for (const name of Object.keys(value)) {
      const before = (value as Fields)[name];
      const after = name === "__proto__" ? DROPPED : this.#any(name, before);
      if (after === before) continue;
      copy ??= Array.isArray(value) ? [...value] : withoutProto(value as Fields);
      if (after !== DROPPED) (copy as Fields)[name] = after;
    }
    this.#path.pop();
    return copy ?? value;
  }

  #scalar(owner: ObjectType, field: FieldSchema, key: string | number, value: unknown): unknown {
    const conformed = conformScalar(field, value);
    if ("value" in conformed) return conformed.value;
    if (conformed.message === undefined) return this.#wrongType(owner, field, key, value);
    this.#fault(key, conformed.message);
    return value;
  }

  #unknown(key: string): typeof DROPPED {
    this.unknownFields ??= [];
    this.unknownFields.push(pathText([...this.#path, key]));
    return DROPPED;
  }

  #wrongType(owner: ObjectType, field: FieldSchema, key: string | number, value: unknown): unknown {
    const names = [...this.#path, key].filter((part) => typeof part === "string");
    const place = `${shortName(owner.name)}.${names.join(".")}`;
    // Go tells the number only where another one could stand.
    const isNumeric = field.type === "integer" || field.type === "number" || field.type === "int-or-string";
    const found = typeof value === "number" && isNumeric ? `number ${value}` : jsonKind(value);
    const message = `json: cannot unmarshal ${found} into Go struct field ${place} of type ${goType(field)}`;
    this.#fault(key, message);
    return value;
  }

  #fault(key: string | number, message: string): void {
    this.errors ??= [];
    this.errors.push({ type: "TypeInvalid", field: pathText([...this.#path, key]), message });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of the fields that come before `end`. */
function upTo(value: Fields, end: string): Fields {
  const copy: Fields = {};
  for (const key in value) {
    if (key === end) break;
    copy[key] = value[key];
  }
  return copy;
}

function withoutProto(value: Fields): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(value)) {
    if (key !== "__proto__") copy[key] = value[key];
  }
  return copy;
}

function zeroOf(field: FieldSchema): unknown {
  switch (field.type) {
    case "array":
      return [];
    case "object":
    case "map":
      return {};
    case "boolean":
      return false;
    case "integer":
    case "number":
    case "int-or-string":
      return 0;
    case "quantity":
      return "0";
    case "string":
      return "";
    default:
      return null;
  }
}

function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function shortName(schemaName: string): string {
  return schemaName.slice(schemaName.lastIndexOf(".") + 1);
}

/** `io.k8s.api.core.v1.Pod` -> `v1.Pod`. */
function goStruct(schemaName: string): string {
  return schemaName.split(".").slice(-2).join(".");
}

const GO_TYPES: Readonly<Record<string, string>> = {
  boolean: "bool",
  number: "float64",
  quantity: "resource.Quantity",
  "int-or-string": "intstr.IntOrString",
  time: "v1.Time",
  "micro-time": "v1.MicroTime",
};

function goType(field: FieldSchema): string {
  if (field.type === "array") return `[]${goType(field.items as FieldSchema)}`;
  if (field.type === "map") return `map[string]${goType(field.values as FieldSchema)}`;
  if (field.type === "object") return goStruct(field.ref as string);
  if (field.format === "byte") return "[]uint8";
  return GO_TYPES[field.type] ?? field.format ?? field.type;
}
