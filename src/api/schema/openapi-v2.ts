import type { Kind } from "../kind.ts";
import { SCALE } from "../scale.ts";
import { loadDocumentation } from "./documentation.ts";
import { DELETE_OPTIONS, isOfKind, LIST_META, listName, PATCH, PATCH_SCHEMA } from "./openapi-names.ts";
import { reachable } from "./openapi-reachable.ts";
import { aliasSchemas, INT_OR_STRING, objectSchema, QUANTITY, type SchemaObject } from "./openapi-schemas.ts";
import { customDefinition } from "./openapi-v2-custom.ts";
import { pathsV2 } from "./openapi-v2-paths.ts";

/** An OpenAPI 2.0 document ("swagger"), as `/openapi/v2` gives it. */
export interface SwaggerDocument {
  readonly swagger: "2.0";
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, object>>;
  readonly definitions: Readonly<Record<string, SchemaObject>>;
  readonly securityDefinitions: object;
  readonly security: readonly object[];
}

const refer = (name: string): SchemaObject => ({ $ref: `#/definitions/${name}` });

/**
 * The one document of all kinds, custom ones included. It is made for clients older than OpenAPI v3 (kubectl up to
 * 1.28) and for tools that read swagger; kubectl makes its patches from it, so merge keys and strategies are in it.
 * @param version of the server, as in /version.
 */
export async function swaggerDocument(kinds: readonly Kind[], version: string): Promise<SwaggerDocument> {
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version },
    paths: Object.fromEntries(kinds.flatMap(pathsV2)),
    definitions: await definitionsOf(kinds),
    securityDefinitions: {
      BearerToken: {
        description: "Bearer Token authentication",
        type: "apiKey",
        name: "authorization",
        in: "header",
      },
    },
    security: [{ BearerToken: [] }],
  };
}

async function definitionsOf(kinds: readonly Kind[]): Promise<Record<string, SchemaObject>> {
  const documentation = await loadDocumentation();
  const kindOf = new Map(kinds.map((kind) => [kind.schema, kind]));
  const builtIn = kinds.filter(({ custom }) => custom === undefined).map(({ schema }) => schema);
  const schemas: Record<string, SchemaObject> = {};
  for (const name of reachable([...builtIn, SCALE.schema, DELETE_OPTIONS])) {
    schemas[name] = objectSchema(name, documentation(name), kindOf.get(name), refer);
  }
  for (const kind of kinds) {
    if (kind.custom !== undefined) schemas[kind.schema] = customDefinition(kind, kind.custom.schema, refer);
    if (kind.createOnly !== true) schemas[listName(kind)] = listDefinition(kind);
  }
  const aliases = aliasSchemas(documentation);
  return {
    ...schemas,
    ...aliases,
    // What may be two types has none that version 2.0 could name; Kubernetes calls both a string.
    [QUANTITY]: { description: aliases[QUANTITY]?.description, type: "string" },
    [INT_OR_STRING]: {
      description: aliases[INT_OR_STRING]?.description,
      type: "string",
      format: "int-or-string",
    },
    [LIST_META]: listMeta(documentation(LIST_META).doc),
    [PATCH]: PATCH_SCHEMA,
  };
}

function listDefinition(kind: Kind): SchemaObject {
  const name = `${kind.kind}List`;
  return {
    description: `${name} is a list of ${kind.kind}.`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { type: "string" },
      items: { type: "array", items: refer(kind.schema) },
      kind: { type: "string" },
      metadata: refer(LIST_META),
    },
    ...isOfKind({ group: kind.group, version: kind.version, kind: name }),
  };
}

function listMeta(description: string): SchemaObject {
  return {
    description: description === "" ? "ListMeta describes metadata that lists have." : description,
    type: "object",
    properties: {
      continue: { description: "Given to a further request it continues the list.", type: "string" },
      remainingItemCount: {
        description: "How many items are not in this part.",
        type: "integer",
        format: "int64",
      },
      resourceVersion: { description: "The version of the whole list, to watch from.", type: "string" },
      selfLink: { description: "Not set any more.", type: "string" },
    },
  };
}
