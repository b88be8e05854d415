import { type JsonSchema, valuesOf } from "../custom/json-schema.ts";
import type { Kind } from "../kind.ts";
import { customSchema } from "./openapi-custom.ts";
import { isOfKind } from "./openapi-names.ts";
import type { Refer, SchemaObject } from "./openapi-schemas.ts";

const PRESERVE = "x-kubernetes-preserve-unknown-fields";

/**
 * The schema of a custom resource as OpenAPI 2.0 can say it. A kind that keeps fields nobody knows is an object and no
 * more: with any property in it old kubectls would refuse all others.
 */
export function customDefinition(
  kind: Pick<Kind, "group" | "version" | "kind">,
  schema: JsonSchema,
  refer: Refer,
): SchemaObject {
  if (schema[PRESERVE] === true) return { type: "object", ...isOfKind(kind) };
  return customSchema(kind, plain(schema), refer);
}

/**
 * Takes out what version 2.0 does not have, by the rules of Kubernetes' ToStructuralOpenAPIV2: alternatives, and the
 * types of what may be null or may have fields that nobody knows. Required fields that may be null are not required.
 */
function plain(schema: JsonSchema): JsonSchema {
  const { allOf: _all, oneOf: _one, anyOf: _any, not: _not, nullable, ...simple } = schema;
  const { type, items, properties, required, additionalProperties, ...rest } = simple;
  const keepsAll = schema[PRESERVE] === true;
  const isOpen = nullable === true || keepsAll;
  const isBareList = type === "array" && (isOpen || items === undefined);
  const isUntyped = nullable === true || isBareList || (keepsAll && type === "object");
  const values = valuesOf(schema);
  const needed = isOpen ? required : required?.filter((name) => properties?.[name]?.nullable !== true);
  return {
    ...rest,
    ...(type !== undefined && !isUntyped && { type }),
    ...(items !== undefined && !isOpen && { items: plain(items) }),
    ...(properties !== undefined && !isOpen && { properties: plainProperties(properties) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: values === undefined ? additionalProperties : plain(values),
    }),
    ...(needed !== undefined && needed.length > 0 && values?.nullable !== true && { required: needed }),
  };
}

function plainProperties(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, plain(each)]));
}
