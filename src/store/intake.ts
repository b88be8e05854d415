import type { AdmissionContext, Lookup } from "../api/admission/admission.ts";
import { admit, admitChange, admitLast } from "../api/admission/registry.ts";
import { deepEqual } from "../api/deep-equal.ts";
import { type FieldError, invalid } from "../api/errors.ts";
import { ALL_WRITTEN_METADATA, type Kind, type PartSubresource } from "../api/kind.ts";
import type { ClusterSettings } from "../api/kinds/cluster-settings.ts";
import {
  type KubeObject,
  type ObjectMeta,
  statusOf,
  withMetadata,
  withoutStatus,
  withStatus,
} from "../api/meta.ts";
import { validateMetadata } from "../api/metadata-validation.ts";
import type { WriteOptions } from "../api/objects.ts";
import { conformObject } from "../api/schema/conform-object.ts";
import { mergeWrite, metadataOfStatusWrite } from "./metadata.ts";

/**
 * The way in of every object: schema, defaults, admission, validation.
 * What is the very same as in `old` has been through it before and is not looked at again.
 */
export class Intake {
  readonly #settings: () => ClusterSettings;
  readonly #lookup: Lookup;
  readonly #now: () => number;
  readonly #hasTokens: boolean;

  /** @param now ms since the epoch */
  constructor(settings: () => ClusterSettings, lookup: Lookup, now: () => number, hasTokens: boolean) {
    this.#hasTokens = hasTokens;
    this.#settings = settings;
    this.#lookup = lookup;
    this.#now = now;
  }

  /** A new object, complete but for uid and resourceVersion. */
  admitNew<T extends KubeObject>(kind: Kind<T>, draft: T, now: number, options: WriteOptions): T {
    let object = draft;
    if (kind.prepareForCreate) object = kind.prepareForCreate(object, now);
    if (kind.setDefaults) object = kind.setDefaults(object);
    const context = this.#context(kind);
    object = admit(kind, object, context);
    validate(kind, object, undefined);
    admitLast(object, undefined, context);
    warn(kind, object, undefined, options);
    return object;
  }

  /** The old object with what a plain write gives; the very `old` one when there is no change in the end. */
  admitChanged<T extends KubeObject>(kind: Kind<T>, given: T, old: T, options: WriteOptions): T {
    const merged = mergeWrite(kind, old, conformChanges(kind, given, old, options));
    const changed = kind.prepareForChange === undefined ? merged : kind.prepareForChange(merged, old);
    let object = shareUnchanged(changed, old);
    if (object === old) return old;
    if (kind.setDefaults) object = shareUnchanged(kind.setDefaults(object), old);
    if (object === old) return old;
    const context = this.#context(kind);
    object = admitChange(kind, object, old, context);
    validate(kind, object, old);
    admitLast(object, old, context);
    if (specOf(object) !== specOf(old)) warn(kind, object, old, options);
    return object;
  }

  /** The old object with the one part that a write of a subresource gives. */
  admitPart<T extends KubeObject>(
    kind: Kind<T>,
    part: PartSubresource<T>,
    given: T,
    old: T,
    options: WriteOptions,
  ): T {
    const object = shareUnchanged(part.take(conformChanges(kind, given, old, options), old), old);
    if (object !== old) refuseFaults(kind, object, part.validate(object, old));
    return object;
  }

  #context<T extends KubeObject>(kind: Kind<T>): AdmissionContext {
    return {
      kind: kind as unknown as Kind,
      settings: this.#settings(),
      lookup: this.#lookup,
      hasTokens: this.#hasTokens,
      now: this.#now(),
    };
  }

  /** The old object with what a status write gives. Its spec stays as it is, and is not looked at. */
  admitStatus<T extends KubeObject>(kind: Kind<T>, given: T, stored: T, options: WriteOptions): T {
    const givenStatus = statusOf(given);
    const old = options.trusted ? stored : described(kind, given, stored, options);
    if (givenStatus === undefined) {
      const bare = withoutStatus(old);
      return shareUnchanged(kind.setDefaults === undefined ? bare : kind.setDefaults(bare), old);
    }
    const status = options.trusted
      ? givenStatus
      : conformObject(kind, { status: givenStatus }, options).status;
    if (deepEqual(status, statusOf(old))) return old;
    const changed = withStatus(old, status);
    const object = kind.custom === undefined ? changed : (kind.setDefaults?.(changed) ?? changed);
    if (kind.validateStatus) refuseFaults(kind, object, kind.validateStatus(object, old));
    return object;
  }
}

/** The old object with what a status write takes along of metadata. */
function described<T extends KubeObject>(kind: Kind<T>, given: T, old: T, options: WriteOptions): T {
  const { keptByStatus = [] } = kind;
  const isFixed = keptByStatus === ALL_WRITTEN_METADATA;
  if (isFixed || given.metadata === old.metadata || given.metadata === undefined) return old;
  const fitting = conformObject(kind, { metadata: withoutKeptOwners(given.metadata, old.metadata) }, options);
  const metadata = metadataOfStatusWrite(old.metadata, fitting.metadata, keptByStatus);
  if (metadata === old.metadata || deepEqual(metadata, old.metadata)) return old;
  refuseFaults(kind, old, validateMetadata(metadata, old.metadata));
  return withMetadata(old, metadata);
}

/** `given` with types that fit, as far as it will be taken and is not the very same as in `old`. */
function conformChanges<T extends KubeObject>(kind: Kind<T>, given: T, old: T, options: WriteOptions): T {
  const before = old as unknown as Readonly<Record<string, unknown>>;
  const after = given as unknown as Readonly<Record<string, unknown>>;
  const changes: Record<string, unknown> = {};
  let isApart = false;
  for (const field of Object.keys(after)) {
    if (after[field] === before[field]) continue;
    if (field === "metadata") changes[field] = withoutKeptOwners(given.metadata, old.metadata);
    else if (field === "status" && kind.statusSubresource) isApart = true;
    else changes[field] = after[field];
  }
  // The order of fields stays as it is given: objects that are built alike are quick to read.
  const conformed: Record<string, unknown> = { ...after };
  const fitting: Readonly<Record<string, unknown>> = conformObject(kind, changes, options);
  for (const field of Object.keys(changes)) {
    if (Object.hasOwn(fitting, field)) conformed[field] = fitting[field];
    else delete conformed[field];
  }
  if (isApart) delete conformed.status;
  return conformed as unknown as T;
}

/** Managed fields are long, and those that stay need not be looked at again. */
function withoutKeptOwners(given: ObjectMeta, old: ObjectMeta): Partial<ObjectMeta> {
  if (old.managedFields === undefined || given?.managedFields !== old.managedFields) return given;
  const { managedFields: _kept, ...rest } = given;
  return rest;
}

function validate<T extends KubeObject>(kind: Kind<T>, object: T, old: T | undefined): void {
  refuseFaults(kind, object, kind.validate?.(object, old) ?? []);
}

function warn<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  old: T | undefined,
  { onWarning }: WriteOptions,
): void {
  if (kind.warnings !== undefined && onWarning !== undefined) kind.warnings(object, old).forEach(onWarning);
}

function specOf(object: KubeObject): unknown {
  return (object as KubeObject & { readonly spec?: unknown }).spec;
}

function refuseFaults<T extends KubeObject>(kind: Kind<T>, object: T, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind, object.metadata.name, errors);
}

/** `changed` with every field that says the same as in `old` taken from `old`; `old` itself when all do. */
function shareUnchanged<T extends KubeObject>(changed: T, old: T): T {
  if (changed === old) return old;
  const before = old as unknown as Readonly<Record<string, unknown>>;
  const after = changed as unknown as Readonly<Record<string, unknown>>;
  let isSame = true;
  let shared: Record<string, unknown> | undefined;
  for (const field of Object.keys(after)) {
    if (after[field] === before[field]) continue;
    if (!deepEqual(after[field], before[field])) isSame = false;
    else {
      shared ??= { ...after };
      shared[field] = before[field];
    }
  }
  if (isSame && Object.keys(before).every((field) => Object.hasOwn(after, field))) return old;
  return (shared ?? after) as unknown as T;
}
