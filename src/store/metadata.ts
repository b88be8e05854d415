import { deepEqual } from "../api/deep-equal.ts";
import { ApiError, badRequest, conflict, invalid } from "../api/errors.ts";
import type { Kind, WrittenMetadata } from "../api/kind.ts";
import {
  type KubeObject,
  type ObjectMeta,
  statusOf,
  timestamp,
  withMetadata,
  withoutStatus,
} from "../api/meta.ts";
import type { Mutable } from "../lib/mutable.ts";
import type { AnyKind } from "./keys.ts";

/** Metadata of a new object but for what the commit decides: uid and resourceVersion are still empty. */
export function newMetadata(
  kind: AnyKind,
  given: Partial<ObjectMeta>,
  name: string,
  hasGeneration: boolean,
  now: number,
): ObjectMeta {
  // Step by step, not in one literal: this is the hottest path, and conditional spreads would triple its garbage.
  const metadata: Mutable<ObjectMeta> = {
    name,
    uid: "",
    resourceVersion: "",
    creationTimestamp: timestamp(now),
  };
  if (given.generateName) metadata.generateName = given.generateName;
  if (kind.namespaced) metadata.namespace = given.namespace as string;
  if (hasGeneration) metadata.generation = 1;
  if (given.labels) metadata.labels = given.labels;
  if (given.annotations) metadata.annotations = given.annotations;
  if (given.ownerReferences) metadata.ownerReferences = given.ownerReferences;
  if (given.finalizers) metadata.finalizers = given.finalizers;
  return metadata;
}

/**
 * Writes into a new object what its commit decided. In place: its metadata was made by `newMetadata` a moment ago and
 * nobody else has seen it. Not given: a dry run, which has no version.
 */
export function stampNew<T extends KubeObject>(
  kind: Pick<Kind<T>, "withUid">,
  object: T,
  uid: string,
  revision: number | undefined,
): T {
  const metadata = object.metadata as Mutable<ObjectMeta>;
  metadata.uid = uid;
  metadata.resourceVersion = revision === undefined ? "" : String(revision);
  return kind.withUid === undefined ? object : kind.withUid(object, uid);
}

/** The object with another version, and generation where objects of its kind have one. */
export function stampChanged<T extends KubeObject>(
  object: T,
  resourceVersion: string,
  generation: number | undefined,
): T {
  const metadata: Mutable<ObjectMeta> = { ...object.metadata };
  metadata.resourceVersion = resourceVersion;
  if (generation !== undefined) metadata.generation = generation;
  return withMetadata(object, metadata);
}

/** One more than before when anything but metadata changed, or a status that is written apart. */
export function nextGeneration(
  kind: Pick<Kind, "statusSubresource">,
  current: KubeObject,
  next: KubeObject,
): number | undefined {
  const { generation } = current.metadata;
  if (generation === undefined) return undefined;
  const before = current as unknown as Readonly<Record<string, unknown>>;
  const after = next as unknown as Readonly<Record<string, unknown>>;
  const isApart = (field: string) => field === "metadata" || (field === "status" && kind.statusSubresource);
  for (const field in after) {
    if (after[field] === before[field] || isApart(field)) continue;
    if (!deepEqual(after[field], before[field])) return generation + 1;
  }
  for (const field in before) if (!Object.hasOwn(after, field) && !isApart(field)) return generation + 1;
  return generation;
}

/** What a write of a status changes of metadata: all that clients write, but for what is `kept`. */
export function metadataOfStatusWrite(
  current: ObjectMeta,
  given: Partial<ObjectMeta>,
  kept: readonly WrittenMetadata[],
): ObjectMeta {
  const taken: Mutable<Partial<ObjectMeta>> = { ...given };
  for (const part of kept) {
    if (current[part] === undefined) delete taken[part];
    else Object.assign(taken, { [part]: current[part] });
  }
  return changedMetadata(current, taken);
}

/** What a writer may change of metadata is taken from `given`, the rest stays as it is. */
function changedMetadata(current: ObjectMeta, given: Partial<ObjectMeta>): ObjectMeta {
  const { labels, annotations, ownerReferences, finalizers } = given;
  const managedFields = changedOwners(current.managedFields, given.managedFields);
  if (
    labels === current.labels &&
    annotations === current.annotations &&
    ownerReferences === current.ownerReferences &&
    finalizers === current.finalizers &&
    managedFields === current.managedFields
  ) {
    return current;
  }
  const { labels: _l, annotations: _a, ownerReferences: _o, finalizers: _f, ...kept } = current;
  const changed: Mutable<ObjectMeta> = kept;
  if (labels) changed.labels = labels;
  if (annotations) changed.annotations = annotations;
  if (ownerReferences) changed.ownerReferences = ownerReferences;
  if (finalizers && finalizers.length > 0) changed.finalizers = finalizers;
  if (managedFields) changed.managedFields = managedFields;
  return changed;
}

/** Clients that know nothing of managed fields leave them out or empty; that changes nothing. */
function changedOwners(
  current: ObjectMeta["managedFields"],
  given: ObjectMeta["managedFields"],
): ObjectMeta["managedFields"] {
  if (given === current || given === undefined || given.length === 0) return current;
  return deepEqual(given, current) ? current : given;
}

/** The current object with what a plain write gives: never status where that is written apart. */
export function mergeWrite<T extends KubeObject>(
  kind: Pick<Kind<T>, "statusSubresource">,
  current: T,
  given: T,
): T {
  const status = statusOf(kind.statusSubresource ? current : given);
  // Copied and then set, as in `withMetadata`.
  const merged = status === undefined ? withoutStatus(given) : { ...given };
  const fields = merged as Mutable<KubeObject> & { status?: unknown };
  fields.apiVersion = current.apiVersion;
  fields.kind = current.kind;
  fields.metadata = changedMetadata(current.metadata, given.metadata);
  if (status !== undefined) fields.status = status;
  return merged;
}

/** @throws ApiError when the writer means another version or another object of this name. */
export function checkSameObject(
  kind: AnyKind & Pick<Kind, "putNamesVersion">,
  current: ObjectMeta,
  given: Partial<ObjectMeta>,
): void {
  const { name } = current;
  const { resourceVersion, uid } = given;
  // What is no text is refused with the rest of the object.
  if (isOther(uid, current.uid)) throw uidMismatch(kind, name, uid as string, current.uid);
  if (isOther(resourceVersion, current.resourceVersion)) throw conflict(kind, name);
  if (kind.putNamesVersion === true && !resourceVersion) throw versionMissing(kind, name);
}

/** Kubernetes' own words: the resource in place of the kind, and 0 as its store writes it. */
function versionMissing({ group, plural }: AnyKind, name: string): ApiError {
  const message = "Invalid value: 0x0: must be specified for an update";
  const missing = { type: "Invalid", field: "metadata.resourceVersion", message } as const;
  return invalid({ group, plural, kind: plural }, name, [missing]);
}

function isOther(given: unknown, actual: string): boolean {
  return typeof given === "string" && given !== "" && given !== actual;
}

/** Conflict in the words of a failed precondition. */
export function uidMismatch(kind: AnyKind, name: string, wanted: string, actual: string): ApiError {
  const { message, details } = conflict(kind, name);
  const start = message.slice(0, message.indexOf(": ") + 2);
  return new ApiError(
    "Conflict",
    `${start}Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${actual}`,
    details,
  );
}

/** An object that is being deleted takes no new finalizers, or it might never go. */
export function checkFinalizers(kind: AnyKind, current: ObjectMeta, next: ObjectMeta): void {
  if (current.deletionTimestamp === undefined || next.finalizers === current.finalizers) return;
  const added = (next.finalizers ?? []).filter((finalizer) => !current.finalizers?.includes(finalizer));
  if (added.length === 0) return;
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  const message =
    "Forbidden: no new finalizers can be added if the object is being deleted, " +
    `found new finalizers []string{${list}}`;
  throw invalid(kind, current.name, [{ type: "Forbidden", field: "metadata.finalizers", message }]);
}

/** @throws ApiError BadRequest for metadata that no new object can have. */
export function checkNewMetadata(kind: AnyKind, given: Partial<ObjectMeta>): void {
  if (given.resourceVersion) throw badRequest("resourceVersion should not be set on objects to be created");
  if (kind.namespaced && !given.namespace) {
    throw badRequest("an empty namespace may not be set during creation");
  }
}
