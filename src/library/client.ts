import { parseAllDocuments } from "yaml";
import { ApiError } from "./api-error.ts";
import type { Client, ListOptions, Resource } from "./cluster.ts";
import { type DiscoveredKind, KindNames } from "./kind-names.ts";

/** An object as one writes it down, with the fields that the server fills in left out. */
interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: object;
}

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

const PATCH_TYPES = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const;

/** A client over `fetch` of one cluster. */
export function createClient(fetch: Fetch): Client {
  const send = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const response = await fetch(path, init);
    const text = await response.text();
    const body = text === "" ? undefined : JSON.parse(text);
    if (!response.ok) throw new ApiError(response.status, body);
    return body as T;
  };
  const write = <T>(method: string, path: string, body: unknown, type = "application/json") =>
    send<T>(path, { method, body: JSON.stringify(body), headers: { "content-type": type } });
  const names = new KindNames((path, accept) => send(path, { headers: { accept } }));
  const pathOf = async (kind: string, name: string, namespace?: string) =>
    objectPath(await names.byName(kind), name, namespace);

  const create = async <T>(object: Manifest): Promise<T> => {
    const kind = await names.byManifest(object);
    return write("POST", collectionPath(kind, namespaceOf(object)), object);
  };
  return {
    get: async (kind, name, { namespace } = {}) => send(await pathOf(kind, name, namespace)),
    list: async <T>(kind: string, options: ListOptions = {}) => {
      const { items } = await send<{ items: T[] }>(listPath(await names.byName(kind), options));
      return items;
    },
    create,
    replace: async (object: Manifest) => {
      const kind = await names.byManifest(object);
      const { name = "" } = (object.metadata ?? {}) as { readonly name?: string };
      return write("PUT", objectPath(kind, name, namespaceOf(object)), object);
    },
    patch: async (kind, name, patch, { namespace, type = "merge", subresource } = {}) => {
      const path = await pathOf(kind, name, namespace);
      return write("PATCH", subresource ? `${path}/${subresource}` : path, patch, PATCH_TYPES[type]);
    },
    delete: async (kind, name, { namespace, ...options } = {}) => {
      const body = { kind: "DeleteOptions", apiVersion: "v1", ...options };
      await write("DELETE", await pathOf(kind, name, namespace), body);
    },
    createAll: async (text) => {
      const created: Resource[] = [];
      // One after the other: a namespace comes before what is in it.
      for (const manifest of manifestsOf(text)) created.push(await create(manifest));
      return created;
    },
  };
}

function listPath(
  kind: DiscoveredKind,
  { namespace, allNamespaces, labelSelector, fieldSelector }: ListOptions,
): string {
  const query = new URLSearchParams();
  if (labelSelector !== undefined) query.set("labelSelector", labelSelector);
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
  return `${allNamespaces ? everywhere(kind) : collectionPath(kind, namespace)}?${query}`;
}

function everywhere({ group, version, plural }: DiscoveredKind): string {
  return `${group === "" ? `/api/${version}` : `/apis/${group}/${version}`}/${plural}`;
}

function collectionPath(kind: DiscoveredKind, namespace = "default"): string {
  const all = everywhere(kind);
  if (!kind.namespaced) return all;
  return all.replace(/\/([^/]+)$/, `/namespaces/${encodeURIComponent(namespace)}/$1`);
}

function objectPath(kind: DiscoveredKind, name: string, namespace?: string): string {
  if (name === "") throw new TypeError("an object must have a name");
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

function namespaceOf({ metadata }: Manifest): string | undefined {
  return (metadata as { readonly namespace?: string } | undefined)?.namespace;
}

function manifestsOf(text: string): Manifest[] {
  const documents = parseAllDocuments(text);
  for (const { errors } of documents) if (errors[0] !== undefined) throw errors[0];
  return documents.flatMap((document) => {
    const manifest = document.toJS() as (Manifest & { readonly items?: readonly Manifest[] }) | null;
    if (manifest === null) return [];
    return manifest.kind === "List" ? [...(manifest.items ?? [])] : [manifest];
  });
}
