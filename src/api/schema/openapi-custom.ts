import type { JsonSchema } from "../custom/json-schema.ts";
import type { Kind } from "../kind.ts";
import { isOfKind, OBJECT_META } from "./openapi-names.ts";
import type { Refer, SchemaObject } from "./openapi-schemas.ts";

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
  kind: Pick<Kind, "group" | "version" | "kind">,
  schema: JsonSchema,
  refer: Refer,
): SchemaObject {
  const metadata = {
    ...refer(OBJECT_META),
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
    ...isOfKind(kind),
  };
}
