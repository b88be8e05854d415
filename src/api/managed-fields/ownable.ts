import type { Kind } from "../kind.ts";
import type { KubeObject, ObjectMeta } from "../meta.ts";
import type { FieldSchema } from "../schema/schema.ts";
import type { ManagedFieldsEntry } from "./managers.ts";

/** The kind's facts that field management needs. */
export type ManagedKind = Pick<
  Kind,
  "group" | "version" | "kind" | "plural" | "schema" | "statusSubresource" | "namespaced"
>;

/** The parts of metadata that managers own; the rest is the server's. */
const OWNED_METADATA = ["generateName", "labels", "annotations", "ownerReferences", "finalizers"] as const;
const OWNED_METADATA_NAMES: ReadonlySet<string> = new Set(OWNED_METADATA);

type Fields = Readonly<Record<string, unknown>>;

/** The schema of a whole object. */
export function rootSchema(kind: ManagedKind): FieldSchema {
  let schema = roots.get(kind.schema);
  if (schema === undefined) {
    schema = { type: "object", ref: kind.schema, required: true };
    roots.set(kind.schema, schema);
  }
  return schema;
}

const roots = new Map<string, FieldSchema>();

/**
 * What may be owned of an object by a write: never its name and version. A write of `status` owns nothing else, and
 * any other write owns no status where that is written apart.
 */
export function ownableParts(kind: ManagedKind, object: object, subresource: string | undefined): Fields {
  const { status, metadata, ...rest } = object as Fields;
  if (subresource === "status") return status === undefined ? {} : { status };
  const { apiVersion: _apiVersion, kind: _kind, ...parts } = rest;
  const owned = ownedMetadata((metadata ?? {}) as Fields);
  return {
    ...(owned && { metadata: owned }),
    ...parts,
    ...(status !== undefined && !kind.statusSubresource && { status }),
  };
}

function ownedMetadata(metadata: Fields): Fields | undefined {
  let owned: Record<string, unknown> | undefined;
  for (const field of OWNED_METADATA) {
    if (metadata[field] === undefined) continue;
    owned ??= {};
    owned[field] = metadata[field];
  }
  return owned;
}

/** The live object with other ownable parts; what is applied may name a version and a uid, which are then checked. */
export function withParts<T extends KubeObject>(
  kind: ManagedKind,
  live: T,
  parts: Fields,
  applied: Partial<ObjectMeta>,
  subresource: string | undefined,
): T {
  const { uid, resourceVersion } = applied;
  const asked = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
  if (subresource === "status") {
    const { status: _status, ...rest } = live as T & { readonly status?: unknown };
    return { ...rest, ...parts, metadata: { ...live.metadata, ...asked } } as unknown as T;
  }
  const { status, apiVersion, kind: kindName } = live as T & { readonly status?: unknown };
  const { metadata, ...fields } = parts;
  return {
    apiVersion,
    kind: kindName,
    metadata: { ...unownedMetadata(live.metadata), ...(metadata as object), ...asked },
    ...fields,
    ...(kind.statusSubresource && status !== undefined && { status }),
  } as unknown as T;
}

function unownedMetadata(metadata: ObjectMeta): object {
  return Object.fromEntries(Object.entries(metadata).filter(([field]) => !OWNED_METADATA_NAMES.has(field)));
}

/** The object with that much owned; the very same object when nothing changes. */
export function withEntries<T extends KubeObject>(
  object: T,
  entries: readonly ManagedFieldsEntry[] | undefined,
): T {
  const { managedFields, ...metadata } = object.metadata;
  if (entries === managedFields) return object;
  return { ...object, metadata: entries === undefined ? metadata : { ...metadata, managedFields: entries } };
}
