import type { Kind } from "../api/kind.ts";
import { type ObjectKey, keyText } from "../api/meta.ts";

/**
 * Store keys: `pods/<namespace>/<name>`, `nodes/<name>`, `deployments.apps/<namespace>/<name>`.
 *
 * Everything up to the first slash names the resource, so that one prefix is one kind. Names and namespaces can not
 * contain a slash, so keys are unambiguous and sort by namespace, then name.
 */
export function recordKey(kind: Kind, key: ObjectKey): string {
  return kindPrefix(kind) + keyText(key);
}

/** The prefix of all objects of a kind, or of those in one namespace. */
export function selectionPrefix(kind: Kind, namespace: string | undefined): string {
  return namespace === undefined ? kindPrefix(kind) : `${kindPrefix(kind)}${namespace}/`;
}

const prefixes = new WeakMap<Kind, string>();

function kindPrefix(kind: Kind): string {
  let prefix = prefixes.get(kind);
  if (prefix === undefined) {
    prefix = kind.group === "" ? `${kind.plural}/` : `${kind.plural}.${kind.group}/`;
    prefixes.set(kind, prefix);
  }
  return prefix;
}
