import { doubleField, lengthDelimited, varintField } from "./wire-writer.ts";

type Value = Readonly<Record<string, unknown>>;

/** Encodes a message from its JSON. */
type Message = (value: Value) => Buffer;

/** Encodes one field of a message from what JSON has for it. */
type Field = (value: unknown) => Buffer;

/**
 * Encodes an OpenAPI 2.0 document as `openapi.v2.Document`, the form in which kubectl reads `/openapi/v2`: the messages
 * and numbers of gnostic's OpenAPIv2.proto, as far as documents of Kubernetes have them. What may be any JSON stands
 * there as YAML text, of which JSON is a part.
 */
export function encodeSwagger(document: object): Buffer {
  return DOCUMENT(document as Value);
}

const text =
  (number: number): Field =>
  (value) =>
    lengthDelimited(number, String(value));
const flag =
  (number: number): Field =>
  (value) =>
    varintField(number, value === true);
const double =
  (number: number): Field =>
  (value) =>
    doubleField(number, Number(value));

/** A length or a count; no client minds one that is below zero or broken, which no object could keep. */
const count =
  (number: number): Field =>
  (value) =>
    varintField(number, Math.max(0, Math.floor(Number(value))));

const within =
  (number: number, message: Message): Field =>
  (value) =>
    lengthDelimited(number, message(value as Value));

const each =
  (field: Field): Field =>
  (value) =>
    Buffer.concat((value as unknown[]).map(field));

/** A map: a list of messages with name and value. */
const named =
  (number: number, value: Field): Field =>
  (map) =>
    Buffer.concat(Object.entries(map as Value).map(([name, item]) => namedOne(number, name, value(item))));

function namedOne(number: number, name: string, value: Buffer): Buffer {
  return lengthDelimited(number, Buffer.concat([lengthDelimited(1, name), value]));
}

const any = (number: number): Field =>
  within(number, (value) => lengthDelimited(2, `${JSON.stringify(value)}\n`));

/** A message of these fields; `extensions` is the number of the list that takes those beginning with `x-`. */
function message(fields: Readonly<Record<string, Field>>, extensions?: number): Message {
  const known = new Map(Object.entries(fields));
  return (value) => {
    const parts: Buffer[] = [];
    for (const [name, item] of Object.entries(value)) {
      const field = known.get(name);
      if (field !== undefined) parts.push(field(item));
      else if (extensions !== undefined && name.startsWith("x-"))
        parts.push(namedOne(extensions, name, any(2)(item)));
    }
    return Buffer.concat(parts);
  };
}

/** One schema among others: they contain each other, so it is looked up when it is needed. */
const schema: Message = (value) => SCHEMA(value);

const SCHEMA = message(
  {
    $ref: text(1),
    format: text(2),
    title: text(3),
    description: text(4),
    default: any(5),
    multipleOf: double(6),
    maximum: double(7),
    exclusiveMaximum: flag(8),
    minimum: double(9),
    exclusiveMinimum: flag(10),
    maxLength: count(11),
    minLength: count(12),
    pattern: text(13),
    maxItems: count(14),
    minItems: count(15),
    uniqueItems: flag(16),
    maxProperties: count(17),
    minProperties: count(18),
    required: each(text(19)),
    enum: each(any(20)),
    additionalProperties: (value) =>
      lengthDelimited(21, typeof value === "boolean" ? varintField(2, value) : within(1, schema)(value)),
    type: (value) => lengthDelimited(22, text(1)(value)),
    items: (value) => lengthDelimited(23, within(1, schema)(value)),
    properties: (value) => lengthDelimited(25, named(1, within(2, schema))(value)),
  },
  31,
);

const QUERY_PARAMETER = message({
  required: flag(1),
  in: text(2),
  name: text(4),
  type: text(6),
  uniqueItems: flag(20),
});
const PATH_PARAMETER = message({
  required: flag(1),
  in: text(2),
  name: text(4),
  type: text(5),
  uniqueItems: flag(19),
});
const BODY_PARAMETER = message({ name: text(2), in: text(3), required: flag(4), schema: within(5, schema) });

/** In ParametersItem a Parameter, in that a body or something else, in that one of the query or the path. */
const parameter: Message = (value) => {
  const others = value.in === "query" ? within(3, QUERY_PARAMETER) : within(4, PATH_PARAMETER);
  const kind = value.in === "body" ? within(1, BODY_PARAMETER)(value) : lengthDelimited(2, others(value));
  return lengthDelimited(1, kind);
};

const RESPONSE = message({
  description: text(1),
  schema: (value) => lengthDelimited(2, within(1, schema)(value)),
});

const OPERATION = message(
  {
    tags: each(text(1)),
    description: text(3),
    operationId: text(5),
    produces: each(text(6)),
    consumes: each(text(7)),
    parameters: each(within(8, parameter)),
    responses: (value) =>
      lengthDelimited(9, named(1, (response) => lengthDelimited(2, within(1, RESPONSE)(response)))(value)),
    schemes: each(text(10)),
  },
  13,
);

const PATH_ITEM = message(
  {
    get: within(2, OPERATION),
    put: within(3, OPERATION),
    post: within(4, OPERATION),
    delete: within(5, OPERATION),
    patch: within(8, OPERATION),
    parameters: each(within(9, parameter)),
  },
  10,
);

const API_KEY_SECURITY = message({ type: text(1), name: text(2), in: text(3), description: text(4) });

const DOCUMENT = message({
  swagger: text(1),
  info: within(2, message({ title: text(1), version: text(2) })),
  paths: (value) => lengthDelimited(8, named(2, within(2, PATH_ITEM))(value)),
  definitions: (value) => lengthDelimited(9, named(1, within(2, schema))(value)),
  security: each(within(12, (value) => named(1, () => lengthDelimited(2, ""))(value))),
  securityDefinitions: (value) =>
    lengthDelimited(13, named(1, (item) => lengthDelimited(2, within(2, API_KEY_SECURITY)(item)))(value)),
});
