import { conflict, forbiddenObject, type Status } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import type { Namespace } from "../api/kinds/namespace.ts";
import { type KubeObject, type ObjectMeta, timestamp, withMetadata } from "../api/meta.ts";
import type { DeleteOptions } from "../api/objects.ts";
import { Finalizer } from "../api/well-known.ts";
import { extend } from "../lib/extend.ts";
import type { AnyKind } from "./keys.ts";
import { stampChanged, uidMismatch } from "./metadata.ts";
import type { Operation, StoredRecord } from "./store.ts";

/** What a delete call makes of an object. */
interface Deleted<T> {
  /** As it waits for its grace or its finalizers, or as it is last seen; the same one when nothing changes. */
  readonly last: T;
  /** True when it goes at once. */
  readonly goes: boolean;
}

/** What a delete call makes of an object. Rules of k8s.io/apiserver registry/rest BeforeDelete. */
export function deletedState<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  options: DeleteOptions,
  now: number,
): Deleted<T> {
  checkPreconditions(kind, object.metadata, options);
  const prepared = kind.prepareForDelete?.(object, now, options) ?? object;
  const held = withPropagation(kind, prepared, options);
  const { metadata } = held;
  const graceSeconds =
    metadata.deletionTimestamp === undefined
      ? firstGraceSeconds(kind, held, options.gracePeriodSeconds)
      : Math.min(metadata.deletionGracePeriodSeconds ?? 0, asked(options.gracePeriodSeconds));
  if (graceSeconds === 0 && !isHeld(held)) return { last: prepared, goes: true };
  const isAsBefore =
    metadata.deletionTimestamp !== undefined && graceSeconds === metadata.deletionGracePeriodSeconds;
  return { last: isAsBefore ? held : terminating(held, graceSeconds, now), goes: false };
}

/** How a stored object goes: with a last change before, where there is something left to say. */
export function removal<T extends KubeObject>({ key, value, revision }: StoredRecord, last: T): Operation[] {
  const gone = { key, value: undefined };
  if (last === value) return [{ ...gone, expected: revision }];
  const said = (version: number) => stampChanged(last, String(version), last.metadata.generation);
  return [{ key, value: said, expected: revision }, gone];
}

/**
 * The object with the finalizer by which the garbage collector knows what becomes of its dependents: none when they go
 * in the background, after it. What an earlier deletion asked for holds until another one asks for something else.
 */
function withPropagation<T extends KubeObject>(kind: Kind<T>, object: T, options: DeleteOptions): T {
  const before = object.metadata.finalizers ?? [];
  const policy = options.propagationPolicy ?? (hasPropagation(before) ? undefined : kind.defaultPropagation);
  if (policy === undefined) return object;
  const wanted = PROPAGATION_FINALIZER[policy];
  const others = before.filter((finalizer) => finalizer === wanted || !isPropagation(finalizer));
  const isNew = wanted !== undefined && !before.includes(wanted);
  if (!isNew && others.length === before.length) return object;
  const finalizers = isNew ? [...others, wanted] : others;
  const { finalizers: _, ...rest } = object.metadata;
  return { ...object, metadata: finalizers.length === 0 ? rest : { ...rest, finalizers } };
}

const PROPAGATION_FINALIZER = {
  Foreground: Finalizer.foreground,
  Orphan: Finalizer.orphan,
  Background: undefined,
} as const;

function isPropagation(finalizer: string): boolean {
  return finalizer === Finalizer.foreground || finalizer === Finalizer.orphan;
}

function hasPropagation(finalizers: readonly string[]): boolean {
  return finalizers.some(isPropagation);
}

/** @throws ApiError Forbidden for what must never be deleted. */
export function checkDeletable(kind: AnyKind & Pick<Kind, "mustStay">, name: string): void {
  const why = kind.mustStay?.(name);
  if (why !== undefined) throw forbiddenObject(kind, name, why);
}

/** The answer when nothing is left of the object. */
export function deletedStatus(kind: AnyKind, { name, uid }: ObjectMeta): Status {
  const details = { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.plural, uid };
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
}

/** True while something must be done before the object may go: finalizers, or a namespace's content. */
export function isHeld(object: KubeObject): boolean {
  if ((object.metadata.finalizers?.length ?? 0) > 0) return true;
  if (object.kind !== "Namespace" || object.apiVersion !== "v1") return false;
  return ((object as KubeObject as Namespace).spec?.finalizers?.length ?? 0) > 0;
}

/** True when a write has taken away the last thing that held an object which is being deleted. */
export function isReleased(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = object.metadata;
  return deletionTimestamp !== undefined && (deletionGracePeriodSeconds ?? 0) === 0 && !isHeld(object);
}

function firstGraceSeconds<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  askedSeconds: number | undefined,
): number {
  const ownSeconds = kind.deletionGraceSeconds?.(object) ?? 0;
  if (ownSeconds === 0 || askedSeconds === undefined) return ownSeconds;
  return asked(askedSeconds);
}

/** A negative grace means one second, as in Kubernetes. */
function asked(seconds = Number.POSITIVE_INFINITY): number {
  return seconds < 0 ? 1 : seconds;
}

/** A shortened grace counts from when the deletion was first asked for. */
function terminating<T extends KubeObject>(object: T, graceSeconds: number, now: number): T {
  const { metadata } = object;
  const askedAtMs =
    metadata.deletionTimestamp === undefined
      ? now
      : Date.parse(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1_000;
  const end = {
    deletionTimestamp: timestamp(askedAtMs + graceSeconds * 1_000),
    deletionGracePeriodSeconds: graceSeconds,
  };
  const deleted = withMetadata(object, extend(metadata, end));
  if (object.kind !== "Namespace" || object.apiVersion !== "v1") return deleted;
  const { status } = object as KubeObject as Namespace;
  return { ...deleted, status: { ...status, phase: "Terminating" } };
}

function checkPreconditions(kind: AnyKind, metadata: ObjectMeta, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== metadata.uid) throw uidMismatch(kind, metadata.name, uid, metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflict(kind, metadata.name);
  }
}
