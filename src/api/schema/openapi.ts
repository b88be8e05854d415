import { apiVersionOf, type Kind } from "../kind.ts";
import { loadDocumentation } from "./documentation.ts";
import { customSchema, OBJECT_META } from "./openapi-custom.ts";
import { aliasSchemas, objectSchema, type SchemaObject } from "./openapi-schemas.ts";
import { objectType } from "./table.ts";

type Kinds = readonly Kind[];

/** An OpenAPI 3.0 document, as far as clients of Kubernetes read it. */
export interface OpenApiDocument {
  readonly openapi: "3.0.0";
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: Readonly<Record<string, SchemaObject>> };
}

/**
 * The document of one group version. It says of every kind that its PATCH checks fields (so that kubectl leaves that
 * to the server), and describes its fields for `kubectl explain`. There is no request body in it on purpose: with one,
 * kubectl would make its patches from this schema instead of from its own.
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
    schemas[name] = objectSchema(name, documentation(name), kindOf.get(name));
  }
  for (const kind of served) {
    if (kind.custom !== undefined) schemas[kind.schema] = customSchema(kind, kind.custom.schema);
  }
  Object.assign(schemas, aliasSchemas(documentation));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version },
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: { schemas },
  };
}

function groupVersionPath(kind: Kind): string {
  return kind.group === "" ? `api/${kind.version}` : `apis/${apiVersionOf(kind)}`;
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

/** The names of all types that the given ones are made of, in order. */
function reachable(roots: readonly string[]): string[] {
  const found = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const field of objectType(name)?.fields.values() ?? []) {
      const { ref } = field.items ?? field.values ?? field;
      if (ref !== undefined) queue.push(ref);
    }
  }
  return [...found].sort();
}
