import { admit } from "../api/admission/registry.ts";
import { deepEqual } from "../api/deep-equal.ts";
import { invalid } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import type { ClusterSettings } from "../api/kinds/cluster-settings.ts";
import type { KubeObject } from "../api/meta.ts";
import type { UpdateOptions, WriteOptions } from "../api/objects.ts";
import { cannotBeHandled, conform, strictDecodingError, unknownFieldText } from "../api/schema/schema.ts";

/**
 * The way in of every object: schema, defaults, admission, validation.
 * What is the very same as in `old` has been through it before and is not looked at again.
 */
export class Intake {
  readonly #settings: () => ClusterSettings;

  constructor(settings: () => ClusterSettings) {
    this.#settings = settings;
  }

  /** A new object, complete but for uid and resourceVersion. */
  admitNew<T extends KubeObject>(kind: Kind<T>, draft: T, now: number): T {
    let object = draft;
    if (kind.prepareForCreate) object = kind.prepareForCreate(object, now);
    if (kind.setDefaults) object = kind.setDefaults(object);
    object = admit(kind, object, { settings: this.#settings() });
    validate(kind, object, undefined);
    return object;
  }

  /** A changed object; the very `old` one when there is no change in the end. */
  admitChanged<T extends KubeObject>(kind: Kind<T>, changed: T, old: T): T {
    let object = shareUnchanged(changed, old);
    if (object === old) return old;
    if (kind.setDefaults) object = shareUnchanged(kind.setDefaults(object), old);
    if (object !== old) validate(kind, object, old);
    return object;
  }
}

/**
 * The object with types that fit the schema of its kind, without fields that nobody knows.
 * @throws ApiError BadRequest for wrong types, and for unknown fields under fieldValidation=Strict
 */
export function conformObject<T extends object>(
  kind: Pick<Kind, "group" | "version" | "kind" | "schema">,
  object: T,
  { fieldValidation = "Ignore", onWarning }: WriteOptions,
): T {
  const { value, unknownFields, errors } = conform(kind.schema, object);
  if (errors.length > 0) throw cannotBeHandled(kind, errors);
  if (unknownFields.length > 0) {
    if (fieldValidation === "Strict") throw strictDecodingError(kind, unknownFields);
    if (fieldValidation === "Warn") for (const path of unknownFields) onWarning?.(unknownFieldText(path));
  }
  return value as T;
}

/** `conformObject` for what a write changes: the fields that are not the very same as in `old` and will be taken. */
export function conformChanges<T extends KubeObject>(
  kind: Pick<Kind<T>, "group" | "version" | "kind" | "schema" | "statusSubresource">,
  changed: T,
  old: T,
  options: UpdateOptions,
): T {
  const before = old as unknown as Readonly<Record<string, unknown>>;
  const after = changed as unknown as Readonly<Record<string, unknown>>;
  const changes: Record<string, unknown> = {};
  const unchanged: Record<string, unknown> = {};
  for (const field of Object.keys(after)) {
    const isStatus = field === "status" && kind.statusSubresource;
    const isTaken = field === "metadata" || isStatus === (options.subresource === "status");
    if (after[field] === before[field]) unchanged[field] = after[field];
    else if (isTaken) changes[field] = after[field];
  }
  const conformed = conformObject(kind, changes, options);
  return { ...unchanged, ...conformed } as unknown as T;
}

function validate<T extends KubeObject>(kind: Kind<T>, object: T, old: T | undefined): void {
  const errors = kind.validate?.(object, old) ?? [];
  if (errors.length > 0) throw invalid(kind, object.metadata.name, errors);
}

/** `changed` with every field that says the same as in `old` taken from `old`; `old` itself when all do. */
export function shareUnchanged<T extends KubeObject>(changed: T, old: T): T {
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
