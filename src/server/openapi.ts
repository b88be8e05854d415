import { createHash } from "node:crypto";
import type { Kind } from "../api/kind.ts";
import { groupVersionPath } from "../api/schema/openapi-names.ts";
import { type Answer, json, jsonText } from "./answer.ts";
import type { Document } from "./documents.ts";
import { createOpenApiV2 } from "./openapi-v2.ts";

/** A document as text, and the hash by which clients cache it. */
interface Rendered {
  readonly text: string;
  readonly hash: string;
}

/** The documents of `/openapi/v2` and `/openapi/v3` for a set of kinds, by path. */
export type OpenApi = (kinds: readonly Kind[]) => [string, Document][];

/**
 * Makes `/openapi/v2`, `/openapi/v3` and the documents below it. They are large and only `kubectl explain`, `create`
 * and `apply` ask for them, so the schemas are loaded and the documents made on first need, once for every state of the
 * kinds in them.
 */
export function createOpenApi(version: string): OpenApi {
  const rendered = new Map<string, { readonly state: string; readonly document: Promise<Rendered> }>();
  const inOne = createOpenApiV2(version, stateOf);
  const render = (kinds: readonly Kind[], groupVersion: string) => {
    const state = stateOf(kinds.filter((kind) => groupVersionPath(kind) === groupVersion));
    const known = rendered.get(groupVersion);
    if (known?.state === state) return known.document;
    const document = renderDocument(kinds, groupVersion, version);
    rendered.set(groupVersion, { state, document });
    return document;
  };
  return (kinds) => [
    ["/openapi/v2", inOne(kinds)],
    ...openApiV3(kinds, (groupVersion) => render(kinds, groupVersion)),
  ];
}

/** What a document depends on: which kinds there are, and what the definitions of custom ones say. */
function stateOf(kinds: readonly Kind[]): string {
  return kinds
    .map((kind) => `${groupVersionPath(kind)}/${kind.plural}@${kind.custom?.revision ?? ""}`)
    .join();
}

function openApiV3(
  kinds: readonly Kind[],
  render: (groupVersion: string) => Promise<Rendered>,
): [string, Document][] {
  const groupVersions = [...new Set(kinds.map(groupVersionPath))];
  const index: Document = {
    async answer() {
      const entries = groupVersions.map(async (each) => {
        const { hash } = await render(each);
        return [each, { serverRelativeURL: `/openapi/v3/${each}?hash=${hash}` }];
      });
      return json(200, { paths: Object.fromEntries(await Promise.all(entries)) });
    },
  };
  const documents = groupVersions.map((each): [string, Document] => [
    `/openapi/v3/${each}`,
    { answer: async (request) => answerDocument(await render(each), request.target) },
  ]);
  return [["/openapi/v3", index], ...documents];
}

/** Asked for by its hash a document never changes, and clients may keep it. */
function answerDocument({ text, hash }: Rendered, target: string): Answer {
  const isPinned = target.endsWith(`hash=${hash}`);
  const caching = isPinned ? ["cache-control", "public, immutable"] : ["cache-control", "no-cache"];
  const headers = ["content-type", "application/json", "x-content-type-options", "nosniff", ...caching];
  return jsonText(200, text, [...headers, "etag", `"${hash}"`]);
}

async function renderDocument(
  kinds: readonly Kind[],
  groupVersion: string,
  version: string,
): Promise<Rendered> {
  const { openApiDocument } = await import("../api/schema/openapi.ts");
  const text = JSON.stringify(await openApiDocument(kinds, groupVersion, version));
  return { text, hash: createHash("sha256").update(text).digest("hex").toUpperCase() };
}
