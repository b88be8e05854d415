import { createHash } from "node:crypto";
import { apiVersionOf, type Kind } from "../api/kind.ts";
import { type Answer, headersFor, json, jsonText, type WholeAnswer } from "./answer.ts";
import type { Document } from "./documents.ts";

/** `/openapi/v2`: an empty protobuf message. Old clients ask for it and are content with nothing in it. */
export function openApiV2(): WholeAnswer {
  const headers = headersFor("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
  return { status: 200, headers, body: "" };
}

/** A document as text, and the hash by which clients cache it. */
interface Rendered {
  readonly text: string;
  readonly hash: string;
}

/** The documents of `/openapi/v3` for a set of kinds, by path. */
export type OpenApi = (kinds: readonly Kind[]) => [string, Document][];

/**
 * Makes `/openapi/v3` and its documents. They are large and only `kubectl explain`, `create` and `apply` ask for them,
 * so the schemas are loaded and the documents made on first need, once for every state of the kinds in them.
 */
export function createOpenApi(version: string): OpenApi {
  const rendered = new Map<string, { readonly state: string; readonly document: Promise<Rendered> }>();
  return (kinds) =>
    openApiV3(kinds, (groupVersion) => {
      const state = stateOf(kinds.filter((kind) => groupVersionOf(kind) === groupVersion));
      const known = rendered.get(groupVersion);
      if (known?.state === state) return known.document;
      const document = renderDocument(kinds, groupVersion, version);
      rendered.set(groupVersion, { state, document });
      return document;
    });
}

/** What a document depends on: which kinds there are, and what the definitions of custom ones say. */
function stateOf(kinds: readonly Kind[]): string {
  return kinds.map(({ plural, custom }) => `${plural}@${custom?.revision ?? ""}`).join();
}

function openApiV3(
  kinds: readonly Kind[],
  render: (groupVersion: string) => Promise<Rendered>,
): [string, Document][] {
  const groupVersions = [...new Set(kinds.map(groupVersionOf))];
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

/** `api/v1` or `apis/GROUP/VERSION`. */
function groupVersionOf(kind: Kind): string {
  return kind.group === "" ? `api/${kind.version}` : `apis/${apiVersionOf(kind)}`;
}
