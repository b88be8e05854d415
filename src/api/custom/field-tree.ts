import type { FieldSchema } from "../schema/field-schema.ts";
import { type JsonSchema, valuesOf } from "./json-schema.ts";

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** A structural schema of a whole object in the form of the schema table, for server-side apply. */
export function rootFieldTree(schema: JsonSchema): FieldSchema {
  const root = fieldTree(schema);
  const metadata: FieldSchema = { type: "object", ref: OBJECT_META, required: false };
  return {
    type: "object",
    required: true,
    fields: new Map([...(root.fields ?? []), ["metadata", metadata]]),
  };
}

function fieldTree(schema: JsonSchema): FieldSchema {
  const tree = { ...shapeOf(schema), required: false };
  return schema.default === undefined ? tree : { ...tree, default: schema.default };
}

function shapeOf(schema: JsonSchema): Omit<FieldSchema, "required"> {
  const values = valuesOf(schema);
  const listType = schema["x-kubernetes-list-type"] as FieldSchema["listType"];
  const listMapKeys = schema["x-kubernetes-list-map-keys"];
  switch (schema.type) {
    case "object": {
      const isAtomic = schema["x-kubernetes-map-type"] === "atomic";
      const atomic = isAtomic ? ({ listType: "atomic" } as const) : {};
      if (values !== undefined) return { type: "map", values: fieldTree(values), ...atomic };
      const fields = Object.entries(schema.properties ?? {});
      return {
        type: "object",
        fields: new Map(fields.map(([name, each]) => [name, fieldTree(each)])),
        ...atomic,
      };
    }
    case "array":
      return {
        type: "array",
        items: fieldTree(schema.items ?? {}),
        ...(listType && { listType }),
        ...(listMapKeys && { listMapKeys }),
      };
    case "string":
    case "boolean":
    case "integer":
    case "number":
      return { type: schema.type };
    default:
      return { type: schema["x-kubernetes-int-or-string"] ? "int-or-string" : "any" };
  }
}
