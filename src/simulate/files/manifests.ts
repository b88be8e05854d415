import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { apiVersionOf, type Kind } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { KINDS } from "../../api/registry.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import type { LoadedDraft } from "./draft.ts";
import { FileFault } from "./file-fault.ts";

/** Aliases blow up; a manifest has no honest use for many. */
const MOST_ALIASES = 100;

/**
 * Reads Kubernetes manifests: YAML or JSON, many documents, Lists taken apart. Fails with file, line and column of the
 * first thing that is wrong.
 */
export function readManifests(file: string, text: string, namespace: string): LoadedDraft[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw new FileFault(file, line, col, firstLine(error.message));
    }
    const where = lineCounter.linePos(document.contents?.range?.[0] ?? 0);
    return objectsOf(file, where.line, dataOf(file, where.line, document), namespace);
  });
}

function dataOf(file: string, line: number, document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new FileFault(file, line, 1, (error as Error).message);
  }
}

function objectsOf(file: string, line: number, value: unknown, namespace: string): LoadedDraft[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new FileFault(
      file,
      line,
      1,
      "is not a Kubernetes object",
      "An object has apiVersion, kind and metadata",
    );
  }
  const object = value as Record<string, unknown>;
  if (object.kind === "List" || (typeof object.kind === "string" && object.kind.endsWith("List"))) {
    const items = Array.isArray(object.items) ? object.items : [];
    return items.flatMap((item) => objectsOf(file, line, item, namespace));
  }
  const kind = kindOf(file, line, object);
  return [{ kind, draft: draftOf(file, line, object, kind, namespace), file, line }];
}

function kindOf(file: string, line: number, object: Readonly<Record<string, unknown>>): Kind {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    const missing = typeof kind !== "string" ? "kind" : "apiVersion";
    throw new FileFault(file, line, 1, `has no ${missing}`, "An object has apiVersion, kind and metadata");
  }
  const found = KINDS.find((candidate) => candidate.kind === kind && apiVersionOf(candidate) === apiVersion);
  if (found !== undefined) return found;
  const known = KINDS.map((candidate) => `${apiVersionOf(candidate)} ${candidate.kind}`);
  const close = didYouMean(`${apiVersion} ${kind}`, known);
  throw new FileFault(
    file,
    line,
    1,
    `kubesim has no kind ${kind} in ${apiVersion}`,
    close === undefined
      ? `It has ${KINDS.map((candidate) => candidate.kind).join(", ")}`
      : `Did you mean ${close}?`,
  );
}

function draftOf(
  file: string,
  line: number,
  object: Readonly<Record<string, unknown>>,
  kind: Kind,
  namespace: string,
): Draft<KubeObject> {
  const metadata = object.metadata as Record<string, unknown> | undefined;
  const name = metadata?.name ?? metadata?.generateName;
  if (typeof name !== "string" || name === "") {
    throw new FileFault(file, line, 1, `${kind.kind} has no metadata.name`);
  }
  const placed = kind.namespaced ? { namespace, ...metadata } : metadata;
  return { ...object, metadata: placed } as unknown as Draft<KubeObject>;
}

function firstLine(text: string): string {
  return (text.split("\n")[0] as string).replace(/:$/, "");
}
