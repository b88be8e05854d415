import type { Kind } from "../api/kind.ts";
import type { ServedKinds } from "../api/served-kinds.ts";
import type { TokenSigner } from "../api/token-signer.ts";
import { chooseForm } from "./accept.ts";
import { type Answer, headersFor, json, jsonText } from "./answer.ts";
import {
  aggregatedDiscovery,
  coreVersions,
  groupDocument,
  groupList,
  groupsOf,
  resourceList,
} from "./discovery.ts";
import { healthDocuments } from "./health.ts";
import { issuerDocuments } from "./issuer-documents.ts";
import { METRICS_TYPE, type Metric, metricsText } from "./metrics-text.ts";
import { createOpenApi, type OpenApi } from "./openapi.ts";
import type { ApiRequest } from "./request.ts";
import { versionDocument } from "./version.ts";

/** Answers a GET of something that is no object: discovery, schemas, version, health. */
export interface Document {
  /** True for what anybody may read. */
  readonly public?: boolean;
  answer(request: ApiRequest): Answer | Promise<Answer>;
}

/** Finds the document at a path. */
export type Documents = (path: string) => Document | undefined;

/** What documents are made of, beside the kinds. */
export interface DocumentParts {
  /** kubesim's version. */
  readonly version: string;
  /** What `/metrics` tells. */
  readonly metrics: () => readonly Metric[];
  readonly tokens: TokenSigner | undefined;
}

/** Makes every document of a server; all of them follow from the kinds, and are made anew when those change. */
export function createDocuments(kinds: ServedKinds, parts: DocumentParts): Documents {
  const { version } = parts;
  const openApi = createOpenApi(version);
  let made: ReadonlyMap<string, Document> | undefined;
  kinds.onChange(() => {
    made = undefined;
  });
  return (path) => {
    made ??= documentsOf(kinds.all(), parts, openApi);
    return made.get(path) ?? made.get(withoutEnd(path));
  };
}

function documentsOf(
  kinds: readonly Kind[],
  { version, metrics, tokens }: DocumentParts,
  openApi: OpenApi,
): ReadonlyMap<string, Document> {
  const groups = groupsOf(kinds);
  const core = groups.filter((group) => group.name === "");
  const named = groups.filter((group) => group.name !== "");
  const documents = new Map<string, Document>([
    ["/version", { public: true, answer: () => json(200, versionDocument(version)) }],
    ["/api", discovery(aggregated(core), (request) => coreVersions(kinds, request.header("host") ?? ""))],
    ["/apis", discovery(aggregated(named), () => groupList(named))],
    ["/metrics", { answer: () => jsonText(200, metricsText(metrics()), headersFor(METRICS_TYPE)) }],
    ...openApi(kinds),
    ...healthDocuments(),
    ...issuerDocuments(tokens),
  ]);
  for (const group of groups) {
    const root = group.name === "" ? "/api" : `/apis/${group.name}`;
    if (group.name !== "")
      documents.set(root, constant({ kind: "APIGroup", apiVersion: "v1", ...groupDocument(group) }));
    for (const [each, members] of group.versions)
      documents.set(`${root}/${each}`, constant(resourceList(members)));
  }
  documents.set("/", constant({ paths: [...documents.keys()].sort() }));
  return documents;
}

/** `/api/` is `/api`. */
function withoutEnd(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

function constant(value: object): Document {
  const body = JSON.stringify(value);
  return {
    answer(request) {
      chooseForm(request.header("accept"), []);
      return jsonText(200, body);
    },
  };
}

function aggregated(groups: ReturnType<typeof groupsOf>): (version: string) => object {
  return (version) => aggregatedDiscovery(groups, version);
}

function discovery(inOne: (version: string) => object, legacy: (request: ApiRequest) => object): Document {
  return {
    answer(request) {
      const form = chooseForm(request.header("accept"), ["APIGroupDiscoveryList"]);
      if (form.as === "json") return json(200, legacy(request));
      const type = `application/json;g=apidiscovery.k8s.io;v=${form.version};as=APIGroupDiscoveryList`;
      return jsonText(200, JSON.stringify(inOne(form.version)), headersFor(type));
    },
  };
}
