import type { JsonSchema } from "../custom/json-schema.ts";
import type { Kind } from "../kind.ts";
import type { SchemaObject } from "./openapi-schemas.ts";

export const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

const API_VERSION =
  "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized " +
  "schemas to the latest internal value, and may reject unrecognized values. More info: " +
  "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
const KIND =
  "Kind is a string value representing the REST resource this object represents. Servers may infer this from the " +
  "endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: " +
  "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";

/** The schema of a custom resource: that of its definition, with what every object has. */
export function customSchema(
  { group, version, kind }: Pick<Kind, "group" | "version" | "kind">,
  schema: JsonSchema,
): SchemaObject {
  const metadata = {
    allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
    description:
      "Standard object's metadata. More info: " +
      "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  };
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { description: API_VERSION, type: "string" },
      kind: { description: KIND, type: "string" },
      metadata,
    },
    "x-kubernetes-group-version-kind": [{ group, kind, version }],
  };
}
