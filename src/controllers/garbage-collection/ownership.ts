import type { Kind } from "../../api/kind.ts";
import type { KubeObject, ObjectKey, OwnerReference } from "../../api/meta.ts";
import { refersTo } from "../../api/owner-references.ts";
import { Finalizer } from "../../api/well-known.ts";

/** An object and its kind. */
export interface Owned {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** Who depends on whom, by uids, kept as references change. Objects without owners cost nothing. */
export class Ownership {
  readonly #dependents = new Map<string, Map<string, Owned>>();

  changed(kind: Kind, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const left = before?.metadata.ownerReferences ?? [];
    const joined = after?.metadata.ownerReferences ?? [];
    for (const { uid } of left) {
      if (joined.some((reference) => reference.uid === uid)) continue;
      const known = this.#dependents.get(uid);
      known?.delete((before as KubeObject).metadata.uid);
      if (known?.size === 0) this.#dependents.delete(uid);
    }
    if (after === undefined) return;
    for (const { uid } of joined) {
      const owned = { kind, object: after };
      const known = this.#dependents.get(uid);
      if (known === undefined) this.#dependents.set(uid, new Map([[after.metadata.uid, owned]]));
      else known.set(after.metadata.uid, owned);
    }
  }

  /** What names the object with this uid as an owner. */
  dependentsOf(uid: string): readonly Owned[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  hasDependents(uid: string): boolean {
    return this.#dependents.has(uid);
  }
}

/** The kind that a reference points to; undefined for one that is not served here. */
export function ownerKind(kinds: readonly Kind[], reference: OwnerReference): Kind | undefined {
  return kinds.find((kind) => refersTo(reference, kind));
}

/** Where the owner is: in the namespace of what it owns, or in none. */
export function ownerKey(kind: Kind, { name }: OwnerReference, dependent: KubeObject): ObjectKey {
  const { namespace } = dependent.metadata;
  return kind.namespaced && namespace !== undefined ? { namespace, name } : { name };
}

/** True while the object waits for its dependents to go first. */
export function deletesDependentsFirst(object: KubeObject): boolean {
  return isHeldBy(object, Finalizer.foreground);
}

/** True while the object waits for its dependents to be let go. */
export function orphansDependents(object: KubeObject): boolean {
  return isHeldBy(object, Finalizer.orphan);
}

function isHeldBy({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(finalizer);
}
