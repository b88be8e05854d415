import { ApiError, qualifiedResource } from "../api/errors.ts";
import type { KubeObject, ObjectKey } from "../api/meta.ts";
import type { Selection, WriteOptions } from "../api/objects.ts";
import type { AnyKind } from "./keys.ts";

/**
 * A kind whose objects are not stored but answered by somebody else, such as the scheduler's decisions. Read-only
 * but for what it takes itself; a watch of it stays silent.
 */
export interface ComputedKind {
  readonly kind: AnyKind;
  get(key: ObjectKey): KubeObject | undefined;
  /** All objects of the namespace, or of all; the selectors are applied by the caller. */
  list(selection: Selection): readonly KubeObject[];
  /** Takes a changed object, validated; absent: changes are refused. */
  change?(object: KubeObject, options: WriteOptions): Promise<KubeObject>;
  /** Runs one of the kind's actions in place of the kind's own `run`. */
  act?(key: ObjectKey, action: string, body: unknown, options: WriteOptions): Promise<unknown>;
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

  /** What takes changes of a computed kind; undefined for other kinds and for those that refuse them. */
  changeable(kind: AnyKind): NonNullable<ComputedKind["change"]> | undefined {
    const computed = this.find(kind);
    return computed?.change?.bind(computed);
  }

  /** @throws ApiError MethodNotAllowed for a computed kind. */
  refuseWrite(kind: AnyKind): void {
    if (this.find(kind) === undefined) return;
    const message = "the server does not allow this method on the requested resource";
    throw new ApiError("MethodNotAllowed", message, { kind: kind.plural });
  }
}
