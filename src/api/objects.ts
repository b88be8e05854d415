import type { ApiError, Status } from "./errors.ts";
import type { Kind } from "./kind.ts";
import type { Draft, KubeObject, ObjectKey } from "./meta.ts";

/**
 * The Kubernetes verbs: the one door to the cluster's state.
 *
 * Scheduler, controllers, agents, chaos, the HTTP server and every client see nothing else. Implementations:
 * `StoredObjects` (store/) in the server's process and `RemoteObjects` (client/) over HTTPS; one conformance suite
 * (test/conformance/objects.ts) runs over both. All calls fail with `ApiError` and Kubernetes' reasons.
 *
 * - Objects handed out are shared and must not be changed.
 * - `resourceVersion` rises over the whole store. `update` and `patch` with a stale one fail with Conflict.
 * - A resolved write is durable as the store promises (LMDB: on disk).
 */
export interface Objects {
  /** False: nobody would read Events here, so that who records them may save the work. */
  readonly writesEvents?: boolean;
  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** Starts a watch; events arrive in batches, never inside the call that caused them. */
  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions, observer: WatchObserver<T>): Watch;
  create<T extends KubeObject>(kind: Kind<T>, object: Draft<T>, options?: CreateOptions): Promise<T>;
  /**
   * Replaces. With `subresource: "status"` only status is taken, else everything but status.
   * A write that changes nothing keeps the resourceVersion.
   */
  update<T extends KubeObject>(kind: Kind<T>, object: T, options?: UpdateOptions): Promise<T>;
  patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: Patch,
    options?: UpdateOptions,
  ): Promise<T>;
  /** Deletes, or begins to: the answer is the object while grace or finalizers hold it, else a Success status. */
  delete<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<T | Status>;
  /** Runs a POST subresource such as `binding` or `eviction` (see Kind.actions). */
  act(kind: Kind, key: ObjectKey, action: string, body: unknown, options?: WriteOptions): Promise<unknown>;
}

export interface Selection {
  /** Absent means all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends Selection {
  /** Page size; the answer carries `continue` when there is more. */
  readonly limit?: number;
  readonly continue?: string;
}

export interface ObjectList<T extends KubeObject> {
  /** The store's version that the items are of; a watch from it misses nothing. */
  readonly resourceVersion: string;
  readonly items: readonly T[];
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface WatchOptions extends Selection {
  /** Events after this version; absent or "0": first ADDED for all there is. Too old: closed with Expired. */
  readonly resourceVersion?: string;
  /** After the initial ADDEDs, a BOOKMARK marked `initial`. */
  readonly sendInitialEvents?: boolean;
  /** BOOKMARKs now and then, so that an idle watcher can resume from a recent version. */
  readonly bookmarks?: boolean;
}

export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string; readonly initial: boolean };

export interface WatchObserver<T extends KubeObject> {
  events(batch: readonly WatchEvent<T>[]): void;
  /** The watch ended by itself: too slow or too old (Expired), or the connection or the server is gone. */
  closed(error: ApiError | undefined): void;
}

export interface Watch {
  /** Ends it; neither `events` nor `closed` is called any more. */
  close(): void;
}

export interface WriteOptions {
  /** Check everything, store nothing. */
  readonly dryRun?: boolean;
  /**
   * Under which name the write is recorded in `metadata.managedFields`. Without one it leaves no trace there, which is
   * how the cluster's own parts write; an apply must have one.
   */
  readonly fieldManager?: string;
  /**
   * Code of this process has made what is written, against the types: they are not looked at again. Everything else is.
   * Nothing that comes from outside may say so.
   */
  readonly trusted?: boolean;
  /** What to do about unknown and duplicate fields; `Ignore` drops them. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
  /** Receives one text for each thing that the writer is told: unknown fields (unless Ignore), what is hardly meant. */
  readonly onWarning?: (text: string) => void;
}

/** How code of this process writes a status that it has made itself. */
export const OWN_STATUS = { subresource: "status", trusted: true } as const;

export interface CreateOptions extends WriteOptions {
  /**
   * The uid of an object of the same name that this one takes the place of, in one commit: watchers see DELETED, then
   * ADDED, and no crash can fall between the two. Conflict when the object has another uid; grace and finalizers
   * do not hold the old one. kubesim's own extension; bare pods of a lost node are moved with it.
   */
  readonly replaces?: string;
}

export interface UpdateOptions extends WriteOptions {
  readonly subresource?: "status";
  /** The subresource that is written (see Kind.parts): only its part is taken. */
  readonly part?: string;
  /** The subresource that `metadata.managedFields` names, where it is another one than `subresource` (`scale`). */
  readonly ownedThrough?: string;
  /** Told when an apply finds no object and creates it. */
  readonly onCreated?: () => void;
}

export interface DeleteOptions {
  /** 0 deletes at once; absent means the object's own grace. */
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
  /**
   * Why the cluster ends a pod: its condition `DisruptionTarget`, unless it goes or has ended already. Kubernetes
   * writes it before the deletion; here it is the same write, so that no crash can fall between the two. For code of
   * this process alone.
   */
  readonly disruption?: { readonly reason: string; readonly message: string };
}

export type Patch =
  | { readonly type: "json"; readonly operations: readonly JsonPatchOperation[] }
  | { readonly type: "merge" | "strategic"; readonly patch: Readonly<Record<string, unknown>> }
  | ApplyPatch;

/**
 * Server-side apply: the object as its manager wants it, as far as it has an opinion; creates what is not there. Fails
 * with Conflict, with a cause for every field, when it would change what other managers own, unless it is forced.
 */
export interface ApplyPatch {
  readonly type: "apply";
  readonly patch: Readonly<Record<string, unknown>>;
  readonly force?: boolean;
}

/** RFC 6902. */
export interface JsonPatchOperation {
  readonly op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}
