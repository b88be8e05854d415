import { ApiError, qualifiedResource } from "../api/errors.ts";
import type { KubeObject, ObjectKey } from "../api/meta.ts";
import type { Selection } from "../api/objects.ts";
import type { AnyKind } from "./keys.ts";

/**
 * A kind whose objects are not stored but answered by somebody else, such as the scheduler's decisions. Read-only;
 * a watch of it stays silent.
 */
export interface ComputedKind {
  readonly kind: AnyKind;
  get(key: ObjectKey): KubeObject | undefined;
  /** All objects of the namespace, or of all; the selectors are applied by the caller. */
  list(selection: Selection): readonly KubeObject[];
}

/** The computed kinds by resource. */
export class ComputedKinds {
  readonly #entries: ReadonlyMap<string, ComputedKind>;

  constructor(entries: readonly ComputedKind[]) {
    this.#entries = new Map(entries.map((entry) => [qualifiedResource(entry.kind), entry]));
  }

  find(kind: AnyKind): ComputedKind | undefined {
    return this.#entries.size === 0 ? undefined : this.#entries.get(qualifiedResource(kind));
  }

  /** @throws ApiError MethodNotAllowed for a computed kind. */
  refuseWrite(kind: AnyKind): void {
    if (this.find(kind) === undefined) return;
    const message = "the server does not allow this method on the requested resource";
    throw new ApiError("MethodNotAllowed", message, { kind: kind.plural });
  }
}
