import type { Kind } from "../kind.ts";
import { loadDocumentation } from "./documentation.ts";
import { customSchema } from "./openapi-custom.ts";
import { groupVersionPath, OBJECT_META, PATCH, PATCH_SCHEMA, patchTypes } from "./openapi-names.ts";
import { reachable } from "./openapi-reachable.ts";
import { aliasSchemas, objectSchema, type SchemaObject } from "./openapi-schemas.ts";

type Kinds = readonly Kind[];

/** An OpenAPI 3.0 document, as far as clients of Kubernetes read it. */
export interface OpenApiDocument {
  readonly openapi: "3.0.0";
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: Readonly<Record<string, SchemaObject>> };
}

const refer = (name: string): SchemaObject => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] });

/**
 * The document of one group version. It says of every kind that its PATCH checks fields (so that kubectl leaves that
 * to the server) and which patches it takes (kubectl from 1.29 on makes them from this schema, and asks for
 * `/openapi/v2` where none are named), and describes its fields for `kubectl explain`.
 * @param groupVersion as in the document's path: `api/v1`, `apis/coordination.k8s.io/v1`
 * @param version of the server, as in /version.
 */
export async function openApiDocument(
  kinds: Kinds,
  groupVersion: string,
  version: string,
): Promise<OpenApiDocument> {
  const served = kinds.filter((kind) => groupVersionPath(kind) === groupVersion);
  const documentation = await loadDocumentation();
  const kindOf = new Map(served.map((kind) => [kind.schema, kind]));
  const schemas: Record<string, SchemaObject> = {};
  const builtIn = served.filter(({ custom }) => custom === undefined).map(({ schema }) => schema);
  for (const name of reachable(builtIn.length < served.length ? [...builtIn, OBJECT_META] : builtIn)) {
    schemas[name] = objectSchema(name, documentation(name), kindOf.get(name), refer);
  }
  for (const kind of served) {
    if (kind.custom !== undefined) schemas[kind.schema] = customSchema(kind, kind.custom.schema, refer);
  }
  Object.assign(schemas, aliasSchemas(documentation), { [PATCH]: PATCH_SCHEMA });
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version },
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: { schemas },
  };
}

function objectPath(kind: Kind): string {
  const namespace = kind.namespaced ? "namespaces/{namespace}/" : "";
  return `/${groupVersionPath(kind)}/${namespace}${kind.plural}/{name}`;
}

/** The object's path for what patches it; the one of the list over all namespaces, by which kubectl 1.27 explains. */
function pathsOf(kind: Kind): [string, object][] {
  return [
    [`/${groupVersionPath(kind)}/${kind.plural}`, listPathItem(kind)],
    [objectPath(kind), pathItem(kind)],
  ];
}

function listPathItem(kind: Kind): object {
  const { group, version } = kind;
  return {
    get: {
      description: `list or watch objects of kind ${kind.kind}`,
      responses: { 200: { description: "OK" } },
      "x-kubernetes-action": "list",
      "x-kubernetes-group-version-kind": { group, version, kind: kind.kind },
    },
  };
}

function pathItem(kind: Kind): object {
  const { group, version } = kind;
  const namespace = kind.namespaced ? [pathParameter("namespace")] : [];
  const query = ["dryRun", "fieldManager", "fieldValidation"].map(queryParameter);
  return {
    parameters: [pathParameter("name"), ...namespace],
    patch: {
      description: `partially update the specified ${kind.kind}`,
      parameters: query,
      requestBody: {
        content: Object.fromEntries(patchTypes(kind).map((type) => [type, { schema: refer(PATCH) }])),
        required: true,
      },
      responses: { 200: { description: "OK" } },
      "x-kubernetes-action": "patch",
      "x-kubernetes-group-version-kind": { group, version, kind: kind.kind },
    },
  };
}

function pathParameter(name: string): object {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

function queryParameter(name: string): object {
  return { name, in: "query", schema: { type: "string", uniqueItems: true } };
}
