import type { Lookup } from "../api/admission/admission.ts";
import type { Kind } from "../api/kind.ts";
import type { KubeObject, ObjectKey } from "../api/meta.ts";
import { recordKey, selectionPrefix } from "./keys.ts";
import type { Store } from "./store.ts";

/** What admissions may see of a store. */
export function lookupIn(store: Store): Lookup {
  return {
    get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined {
      return store.get(recordKey(kind, key))?.value as T | undefined;
    },
    list<T extends KubeObject>(kind: Kind<T>, namespace?: string): readonly T[] {
      return store.list(selectionPrefix(kind, namespace)).records.map(({ value }) => value as T);
    },
    count: (kind) => store.count(selectionPrefix(kind, undefined)),
  };
}
