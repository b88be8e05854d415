import { badRequest, invalid } from "../api/errors.ts";
import { requiredValue } from "../api/field-errors.ts";
import type { Kind } from "../api/kind.ts";
import type { Application, Applied } from "../api/managed-fields/apply.ts";
import { checkApplied } from "../api/managed-fields/check-applied.ts";
import type { ManagedFieldsEntry } from "../api/managed-fields/managers.ts";
import { withEntries } from "../api/managed-fields/ownable.ts";
import { trackWrite } from "../api/managed-fields/track.ts";
import type { Draft, KubeObject, ObjectKey } from "../api/meta.ts";
import { checkNamed, untypedObject } from "../api/named-object.ts";
import type { ApplyPatch, CreateOptions, UpdateOptions } from "../api/objects.ts";
import { isFields } from "../api/patch/own-data.ts";
import { conformObject } from "../api/schema/conform-object.ts";
import type { Clock } from "../clock/clock.ts";

type Owned = readonly ManagedFieldsEntry[];

/** A new object with its managed fields: those given, or what its manager, if it has one, makes of it. */
export function ownedNew<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  draft: Draft<T>,
  { fieldManager: manager }: CreateOptions,
  owned: Owned | undefined,
  now: number,
): T {
  if (owned !== undefined) return withEntries(object, owned);
  if (manager === undefined) return object;
  const { managedFields } = draft.metadata;
  const after = managedFields === undefined ? object : withEntries(object, managedFields as Owned);
  const entries = trackWrite({
    kind: plain(kind),
    before: undefined,
    after,
    manager,
    subresource: undefined,
    now,
  });
  return withEntries(after, entries);
}

/** A changed object with the managed fields that the write leaves behind; writers without a name leave none. */
export function ownedBefore<T extends KubeObject>(
  kind: Kind<T>,
  before: T,
  after: T,
  { fieldManager: manager, subresource, ownedThrough }: UpdateOptions,
  clock: Clock,
): T {
  if (after === before) return after;
  const isTracked = manager !== undefined || after.metadata.managedFields !== before.metadata.managedFields;
  if (!isTracked) return after;
  const write = { kind: plain(kind), before, after, manager, subresource, ownedThrough, now: clock.now() };
  return withEntries(after, trackWrite(write));
}

/** The object with the managed fields that an apply has settled. */
export function ownedWith<T extends KubeObject>(
  object: T,
  { managedFields }: Pick<Applied<T>, "managedFields">,
): T {
  return withEntries(object, managedFields);
}

/**
 * Reads an apply of the object of that name.
 * @throws ApiError Invalid without a manager, BadRequest when the configuration is none of the kind and name
 */
export function applicationOf<T extends KubeObject>(
  kind: Kind<T>,
  key: ObjectKey,
  { patch, force = false }: ApplyPatch,
  options: UpdateOptions,
  now: number,
): Application {
  const { fieldManager: manager, subresource, ownedThrough } = options;
  if (!manager) {
    const missing = requiredValue("fieldManager", "is required for apply patch");
    throw invalid({ group: "meta.k8s.io", plural: "", kind: "PatchOptions" }, "", [missing]);
  }
  const named = withPlace(kind, key, patch);
  checkApplied(plain(kind), key.name, named);
  const configuration = conformObject(kind, named, options);
  return { kind: plain(kind), configuration, manager, force, subresource, ownedThrough, now };
}

/** The configuration with the name and namespace it is applied to, which it may leave out but not contradict. */
function withPlace<T extends KubeObject>(
  kind: Kind<T>,
  key: ObjectKey,
  patch: ApplyPatch["patch"],
): Readonly<Record<string, unknown>> {
  if (!isFields(patch)) throw badRequest("the configuration to apply must be an object");
  const { metadata = {}, kind: kindName = kind.kind } = patch;
  if (!isFields(metadata)) throw badRequest("the configuration to apply must have metadata");
  if (typeof kindName !== "string") throw untypedObject("kind", kindName);
  if (kindName !== kind.kind) {
    throw badRequest(`the kind in the data (${kindName}) does not match the expected kind (${kind.kind})`);
  }
  checkNamed({ ...key, ...metadata }, key);
  return { ...patch, kind: kindName, metadata: { ...metadata, ...key } };
}

/** A kind's columns take its own objects, so TypeScript sees no common type; field management needs none of them. */
function plain<T extends KubeObject>(kind: Kind<T>): Kind {
  return kind as unknown as Kind;
}
