import type { Kind } from "../api/kind.ts";
import { keyText, type ObjectKey } from "../api/meta.ts";

/** A kind without what depends on the type of its objects. */
export type AnyKind = Pick<Kind, "group" | "version" | "kind" | "plural" | "namespaced">;

/**
 * Store keys: `pods/<namespace>/<name>`, `nodes/<name>`, `deployments.apps/<namespace>/<name>`.
 *
 * Everything up to the first slash names the resource, so that one prefix is one kind. Names and namespaces can not
 * contain a slash, so keys are unambiguous and sort by namespace, then name.
 */
export function recordKey(kind: AnyKind, key: ObjectKey): string {
  return kindPrefix(kind) + (kind.namespaced ? keyText(key) : key.name);
}

/** The prefix of all objects of a kind, or of those in one namespace. */
export function selectionPrefix(kind: AnyKind, namespace: string | undefined): string {
  return namespace === undefined ? kindPrefix(kind) : `${kindPrefix(kind)}${namespace}/`;
}

const prefixes = new WeakMap<AnyKind, string>();

function kindPrefix(kind: AnyKind): string {
  let prefix = prefixes.get(kind);
  if (prefix === undefined) {
    prefix = kind.group === "" ? `${kind.plural}/` : `${kind.plural}.${kind.group}/`;
    prefixes.set(kind, prefix);
  }
  return prefix;
}
