import { badRequest } from "../api/errors.ts";
import { apiVersionOf, type Kind } from "../api/kind.ts";
import type { ObjectKey } from "../api/meta.ts";

/** Values that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Path of a collection; without a namespace that of all namespaces. */
export function collectionPath(kind: Kind, namespace: string | undefined, query?: Query): string {
  const root = kind.group === "" ? "/api/" : "/apis/";
  const scope =
    kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${apiVersionOf(kind)}${scope}/${kind.plural}${queryText(query)}`;
}

/** Path of one object or of its subresource. Fails with BadRequest where the namespace or the name is missing. */
export function objectPath(kind: Kind, key: ObjectKey, subresource?: string, query?: Query): string {
  if (key.name === "") throw badRequest("resource name may not be empty");
  if (kind.namespaced && key.namespace === undefined) {
    throw badRequest("an empty namespace may not be set when a resource name is provided");
  }
  const tail = subresource === undefined ? "" : `/${subresource}`;
  return `${collectionPath(kind, key.namespace)}/${encodeURIComponent(key.name)}${tail}${queryText(query)}`;
}

function queryText(query: Query | undefined): string {
  let text = "";
  for (const name in query) {
    const value = query[name];
    if (value !== undefined) text += `${text === "" ? "?" : "&"}${name}=${encodeURIComponent(String(value))}`;
  }
  return text;
}
