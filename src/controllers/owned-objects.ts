import type { KubeObject } from "../api/meta.ts";
import { controllerOf } from "../api/owner-references.ts";
import type { SharedInformer } from "./shared-informer.ts";

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

/**
 * The objects of a kind by who manages them, kept as they change: what an owner has costs nothing to find, however many
 * others there are. Objects without a manager are kept by namespace as far as a selector could find them: those that
 * have labels.
 */
export class OwnedObjects<T extends KubeObject> {
  readonly #byOwner = new Map<string, Map<string, T>>();
  readonly #orphans = new Map<string, Map<string, T>>();

  constructor(informer: SharedInformer<T>) {
    informer.join({ changed: (before, after) => this.#changed(before, after) });
  }

  /** What the owner with this uid manages, by uid, in order of appearance. */
  of(ownerUid: string): ReadonlyMap<string, T> {
    return this.#byOwner.get(ownerUid) ?? NOTHING;
  }

  /** Labelled objects of a namespace that nobody manages. */
  orphansIn(namespace: string | undefined): Iterable<T> {
    return this.#orphans.get(namespace ?? "")?.values() ?? [];
  }

  #changed(before: T | undefined, after: T | undefined): void {
    const { uid } = ((after ?? before) as T).metadata;
    const left = before && this.#place(before);
    const joined = after && this.#place(after);
    if (left !== undefined && (joined?.in !== left.in || joined.at !== left.at)) {
      const known = left.in.get(left.at);
      known?.delete(uid);
      if (known?.size === 0) left.in.delete(left.at);
    }
    if (after === undefined || joined === undefined) return;
    const known = joined.in.get(joined.at);
    if (known === undefined) joined.in.set(joined.at, new Map([[uid, after]]));
    else known.set(uid, after);
  }

  #place(object: T): { readonly in: Map<string, Map<string, T>>; readonly at: string } | undefined {
    const owner = controllerOf(object);
    if (owner !== undefined) return { in: this.#byOwner, at: owner.uid };
    if (object.metadata.labels === undefined) return undefined;
    return { in: this.#orphans, at: object.metadata.namespace ?? "" };
  }
}
