import { type Document, isNode, LineCounter, parseAllDocuments } from "yaml";
import { apiVersionOf, type Kind } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { KINDS } from "../../api/registry.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { FileFault } from "../../lib/file-fault.ts";
import type { LoadedDraft } from "./draft.ts";

/** Aliases blow up; a manifest has no honest use for many. */
const MOST_ALIASES = 100;

/** An object as a file has it, nothing of it looked at yet. */
export interface Manifest {
  readonly object: Readonly<Record<string, unknown>>;
  readonly file: string;
  readonly line: number;
}

/**
 * Reads Kubernetes manifests: YAML or JSON, many documents, Lists taken apart. Fails with file, line and column of the
 * first thing that is wrong.
 */
export function readManifests(file: string, text: string, namespace: string): LoadedDraft[] {
  return parseManifests(file, text).map((manifest) => draftOf(manifest, namespace, KINDS));
}

/** The objects of a file as it has them. Fails with FileFault where it is no YAML, or has what is no object. */
export function parseManifests(file: string, text: string): Manifest[] {
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
    const lineOfItem = (index: number) => {
      const item = document.getIn(["items", index], true);
      const at = isNode(item) ? item.range?.[0] : undefined;
      return at === undefined ? where.line : lineCounter.linePos(at).line;
    };
    return objectsOf(file, where.line, dataOf(file, where.line, document), lineOfItem);
  });
}

function dataOf(file: string, line: number, document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new FileFault(file, line, 1, (error as Error).message);
  }
}

/** @param lineOfItem where an item of a List begins, by its index */
function objectsOf(
  file: string,
  line: number,
  value: unknown,
  lineOfItem: (index: number) => number = () => line,
): Manifest[] {
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
    return items.flatMap((item, index) => objectsOf(file, lineOfItem(index), item));
  }
  return [{ object, file, line }];
}

/** The kind among these that a manifest is of, if it is. */
export function findKind({ object }: Manifest, kinds: readonly Kind[]): Kind | undefined {
  return kinds.find(
    (candidate) => candidate.kind === object.kind && apiVersionOf(candidate) === object.apiVersion,
  );
}

function kindOf(manifest: Manifest, kinds: readonly Kind[]): Kind {
  const { object, file, line } = manifest;
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    const missing = typeof kind !== "string" ? "kind" : "apiVersion";
    throw new FileFault(file, line, 1, `has no ${missing}`, "An object has apiVersion, kind and metadata");
  }
  const found = findKind(manifest, kinds);
  if (found !== undefined) return found;
  const known = kinds.map((candidate) => `${apiVersionOf(candidate)} ${candidate.kind}`);
  const close = didYouMean(`${apiVersion} ${kind}`, known);
  throw new FileFault(
    file,
    line,
    1,
    `kubesim has no kind ${kind} in ${apiVersion}`,
    close === undefined
      ? `It has ${kinds.map((candidate) => candidate.kind).join(", ")}`
      : `Did you mean ${close}?`,
  );
}

/** The manifest as an object of one of these kinds. Fails with FileFault when it is of none, or has no name. */
export function draftOf(manifest: Manifest, namespace: string, kinds: readonly Kind[]): LoadedDraft {
  const { object, file, line } = manifest;
  const kind = kindOf(manifest, kinds);
  const metadata = object.metadata as Record<string, unknown> | undefined;
  const name = metadata?.name ?? metadata?.generateName;
  if (typeof name !== "string" || name === "") {
    throw new FileFault(file, line, 1, `${kind.kind} has no metadata.name`);
  }
  const placed = kind.namespaced ? { namespace, ...metadata } : metadata;
  return { kind, draft: { ...object, metadata: placed } as unknown as Draft<KubeObject>, file, line };
}

function firstLine(text: string): string {
  return (text.split("\n")[0] as string).replace(/:$/, "");
}
