import type { Kind } from "../kind.ts";
import type { TypeDocumentation } from "./documentation.ts";
import type { FieldSchema } from "./field-schema.ts";
import { isOfKind } from "./openapi-names.ts";
import { objectType } from "./table.ts";

/** An OpenAPI schema object; free of `undefined`. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** How one version of OpenAPI writes that a value is of a type, by the type's name. */
export type Refer = (typeName: string) => SchemaObject;

/** The schema of one type of the table; of a kind it says which. */
export function objectSchema(
  name: string,
  documentation: TypeDocumentation,
  kind: Pick<Kind, "group" | "version" | "kind"> | undefined,
  refer: Refer,
): SchemaObject {
  const type = objectType(name);
  const fields = [...(type?.fields ?? [])];
  const properties = fields.map(([field, schema]) => [
    field,
    propertySchema(schema, documentation.fields[field] ?? "", refer),
  ]);
  const required = fields.filter(([, schema]) => schema.required).map(([field]) => field);
  return {
    description: documentation.doc,
    type: "object",
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(properties),
    ...(type?.atomic && { "x-kubernetes-map-type": "atomic" }),
    ...(kind && isOfKind(kind)),
  };
}

export const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
export const INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
const TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.Time";
const MICRO_TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";
const FIELDS = "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1";

const NAMED: Readonly<Record<string, string>> = {
  quantity: QUANTITY,
  "int-or-string": INT_OR_STRING,
  time: TIME,
  "micro-time": MICRO_TIME,
  any: FIELDS,
};

/** The types that are no objects; `kubectl explain` says "field does not exist" without them. */
export function aliasSchemas(
  documentation: (name: string) => TypeDocumentation,
): Record<string, SchemaObject> {
  const dateTime = { type: "string", format: "date-time" };
  return {
    [QUANTITY]: {
      description: documentation(QUANTITY).doc,
      oneOf: [{ type: "string" }, { type: "number" }],
    },
    [INT_OR_STRING]: {
      description: "IntOrString is a type that can hold an integer or a string.",
      format: "int-or-string",
      oneOf: [{ type: "integer" }, { type: "string" }],
    },
    [TIME]: { description: documentation(TIME).doc, ...dateTime },
    [MICRO_TIME]: { description: documentation(MICRO_TIME).doc, ...dateTime },
    [FIELDS]: { description: documentation(FIELDS).doc, type: "object" },
  };
}

function propertySchema(field: FieldSchema, description: string, refer: Refer): SchemaObject {
  const { patchMergeKey, patchStrategy, listType, listMapKeys } = field;
  const typeName = field.type === "map" ? "x-kubernetes-map-type" : "x-kubernetes-list-type";
  return {
    ...(description !== "" && { description }),
    ...valueSchema(field, refer),
    ...(listMapKeys && { "x-kubernetes-list-map-keys": listMapKeys }),
    ...(listType && { [typeName]: listType }),
    ...(patchMergeKey && { "x-kubernetes-patch-merge-key": patchMergeKey }),
    ...(patchStrategy && { "x-kubernetes-patch-strategy": patchStrategy }),
  };
}

function valueSchema(field: FieldSchema, refer: Refer): SchemaObject {
  const named = field.ref ?? NAMED[field.type];
  if (named !== undefined) return refer(named);
  switch (field.type) {
    case "array":
      return { type: "array", items: valueSchema(field.items as FieldSchema, refer) };
    case "map":
      return { type: "object", additionalProperties: valueSchema(field.values as FieldSchema, refer) };
    case "number":
      return { type: "number", format: "double" };
    default:
      return { type: field.type, ...(field.format && { format: field.format }) };
  }
}
