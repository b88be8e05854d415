import type { Kind } from "../kind.ts";
import type { KubeObject, ObjectMeta } from "../meta.ts";
import type { FieldSchema } from "../schema/schema.ts";
import type { Entries } from "./managers.ts";

/** The kind's facts that field management needs. */
export type ManagedKind = Pick<
  Kind,
  "group" | "version" | "kind" | "plural" | "schema" | "statusSubresource" | "namespaced" | "custom"
>;

/** The parts of metadata that managers own; the rest is the server's. */
const OWNED_METADATA = ["generateName", "labels", "annotations", "ownerReferences", "finalizers"] as const;
const REPLACED_METADATA: ReadonlySet<string> = new Set([...OWNED_METADATA, "managedFields"]);

type Fields = Readonly<Record<string, unknown>>;

/** The schema of a whole object. */
export function rootSchema(kind: ManagedKind): FieldSchema {
  if (kind.custom !== undefined) return kind.custom.fields;
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
  const given = object as Fields;
  const parts: Record<string, unknown> = {};
  for (const field in given) {
    const value = given[field];
    if (value === undefined || !isWritten(kind, field, subresource)) continue;
    const owned = field === "metadata" ? ownedMetadata(value as Fields) : value;
    if (owned !== undefined) parts[field] = owned;
  }
  return parts;
}

function isWritten(kind: ManagedKind, field: string, subresource: string | undefined): boolean {
  if (subresource === "status") return field === "status";
  if (field === "status") return !kind.statusSubresource;
  return field !== "apiVersion" && field !== "kind";
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

/**
 * The live object with other ownable parts, and without its managed fields where its metadata changes. What is applied
 * may name a version and a uid, which are then checked.
 */
export function withParts<T extends KubeObject>(
  kind: ManagedKind,
  live: T,
  parts: Fields,
  applied: Partial<ObjectMeta>,
  subresource: string | undefined,
): T {
  const { uid, resourceVersion } = applied;
  const asked = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
  const { status, ...rest } = live as T & { readonly status?: unknown };
  if (subresource === "status") {
    return { ...rest, ...parts, metadata: { ...live.metadata, ...asked } } as unknown as T;
  }
  const { metadata, ...fields } = parts;
  return {
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: mergedMetadata(live.metadata, (metadata ?? {}) as Fields, asked),
    ...fields,
    ...(kind.statusSubresource && status !== undefined && { status }),
  } as unknown as T;
}

function mergedMetadata(live: ObjectMeta, owned: Fields, asked: Fields): object {
  const isSame = OWNED_METADATA.every((field) => live[field] === owned[field]);
  if (isSame && Object.keys(asked).length === 0) return live;
  const kept = Object.entries(live).filter(([field]) => !REPLACED_METADATA.has(field));
  return { ...Object.fromEntries(kept), ...owned, ...asked };
}

/** The object with that much owned; the very same object when nothing changes. */
export function withEntries<T extends KubeObject>(object: T, entries: Entries | undefined): T {
  if (entries === object.metadata.managedFields) return object;
  const { managedFields: _before, ...metadata } = object.metadata;
  return { ...object, metadata: entries === undefined ? metadata : { ...metadata, managedFields: entries } };
}
