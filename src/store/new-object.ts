import { ApiError, alreadyExists, notFound, qualifiedResource } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import { type Namespace, namespaces } from "../api/kinds/namespace.ts";
import { type Draft, type KubeObject, type ObjectMeta, withMetadata } from "../api/meta.ts";
import type { Random } from "../lib/random.ts";
import { type AnyKind, recordKey } from "./keys.ts";
import { checkNewMetadata, newMetadata, uidMismatch } from "./metadata.ts";
import type { Operation, Store, StoredRecord } from "./store.ts";

/** Letters of generated names: no vowels and nothing that looks like another (k8s.io/apimachinery util/rand). */
const NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
const GENERATED_LETTERS = 5;
/** `generateName` is cut to this, so that the whole is a DNS label. */
const LONGEST_NAME_BASE = 63 - GENERATED_LETTERS;

/** A draft with its name settled and the metadata that the server sets. */
export function prepareNew<T extends KubeObject>(
  store: Store,
  names: Random,
  kind: Kind<T>,
  draft: Draft<T>,
  now: number,
): T {
  const given: Partial<ObjectMeta> = draft.metadata ?? {};
  checkNewMetadata(kind, given);
  const name = given.name || generateName(store, names, kind, given);
  return withMetadata(draft as unknown as T, newMetadata(kind, given, name, "spec" in draft, now));
}

/** @throws ApiError NotFound without the namespace, Forbidden when it is being deleted. */
export function checkNamespace(store: Store, kind: AnyKind, metadata: ObjectMeta): void {
  if (!kind.namespaced) return;
  const name = metadata.namespace as string;
  const namespace = store.get(recordKey(namespaces, { name }))?.value as Namespace | undefined;
  if (namespace === undefined) throw notFound(namespaces, name);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  const because = `unable to create new content in namespace ${name} because it is being terminated`;
  const message = `${qualifiedResource(kind)} "${metadata.name}" is forbidden: ${because}`;
  throw new ApiError("Forbidden", message, {
    name: metadata.name,
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.plural,
    causes: [
      {
        reason: "NamespaceTerminating",
        message: `namespace ${name} is being terminated`,
        field: "metadata.namespace",
      },
    ],
  });
}

/** What must happen before a new object can have its name: nothing, or the removal of the one it replaces. */
export function clearPlace(
  kind: AnyKind,
  name: string,
  existing: StoredRecord | undefined,
  replaces: string | undefined,
): Operation[] {
  if (replaces === undefined) {
    if (existing !== undefined) throw alreadyExists(kind, name);
    return [];
  }
  const uid = (existing?.value as KubeObject | undefined)?.metadata.uid;
  if (existing === undefined || uid !== replaces) throw uidMismatch(kind, name, replaces, uid ?? "");
  return [{ key: existing.key, value: undefined, expected: existing.revision }];
}

function generateName(
  store: Store,
  names: Random,
  kind: AnyKind,
  { generateName: base, namespace }: Partial<ObjectMeta>,
): string {
  if (!base) return "";
  for (;;) {
    let name = base.slice(0, LONGEST_NAME_BASE);
    for (let letter = 0; letter < GENERATED_LETTERS; letter++) {
      name += NAME_LETTERS[names.below(NAME_LETTERS.length)];
    }
    const key = namespace === undefined ? { name } : { namespace, name };
    if (store.get(recordKey(kind, key)) === undefined) return name;
  }
}
