import type { CustomResource } from "./custom/custom-resource.ts";
import type { FieldError } from "./errors.ts";
import type { KubeObject } from "./meta.ts";
import type { DeleteOptions, Objects } from "./objects.ts";
import type { ScaleSubresource } from "./scale.ts";
import type { TokenSigner } from "./token-signer.ts";

/**
 * A kind of object: all that the store, the server, the client and the CLI need to know of it.
 * One file per kind in kinds/, one line in registry.ts; discovery, tables, validation, OpenAPI derive from it.
 */
export interface Kind<T extends KubeObject = KubeObject> {
  /** API group, "" for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** True for what the server answers by itself and clients only read. */
  readonly readOnly?: boolean;
  /** True for a single object that the server answers by itself: it is read and changed, never created or deleted. */
  readonly alwaysThere?: boolean;
  /** True for questions: a POST is answered, nothing is stored (server/reviews/). */
  readonly createOnly?: boolean;
  /** Name of its type in the schema table (api/schema/), e.g. `io.k8s.api.core.v1.Pod`. */
  readonly schema: string;
  /** True when `/status` is written apart from the rest: plain writes keep status, status writes keep the rest. */
  readonly statusSubresource: boolean;
  /** What of metadata a write of `/status` leaves as it is; all that a client may write goes along otherwise. */
  readonly keptByStatus?: readonly WrittenMetadata[];
  /** True when a PUT must say which version it was made from (AllowUnconditionalUpdate of its strategy is false). */
  readonly putNamesVersion?: true;
  /** The whole table, Name and Age included, in printing order; priority 1 shows with `-o wide` only. */
  readonly columns: readonly Column<T>[];
  /** Field selectors beside metadata.name and metadata.namespace. Values compare as text. */
  readonly selectableFields: Readonly<Record<string, (object: T) => string>>;
  /** Present for a custom resource alone: what takes the place of its type in the schema table. */
  readonly custom?: CustomResource<T>;
  /** Loads what the rules of the kind need and no other part does; awaited before an object of it is written. */
  readonly load?: () => Promise<void>;
  /** Sets what a caller may leave out. Pure; runs on create, update and patch before validation. */
  readonly setDefaults?: (object: T) => T;
  /**
   * Rules that the schema cannot say, those of metadata (names, labels, annotations, immutable fields) included, so
   * that the store need not look further. `old` is given on update; never the same object as `object`. Pure.
   */
  readonly validate?: (object: T, old: T | undefined) => readonly FieldError[];
  /**
   * Rules of `status` for writes of `/status`, where `validate` does not run: only what other parts rely on, and cheap
   * when that did not change, as pods write status often. Pure.
   */
  readonly validateStatus?: (object: T, old: T) => readonly FieldError[];
  /** What everybody is told who asks for objects of the kind: that another one is to be used. */
  readonly deprecation?: string | undefined;
  /** What a writer is told about an object that was taken, one sentence each; `old` is given on update. */
  readonly warnings?: (object: T, old: T | undefined) => readonly string[];
  /** What a create starts from, e.g. status of a Pod is always Pending. Pure. */
  readonly prepareForCreate?: (object: T, now: number) => T;
  /** Sets back what a plain change may not touch, because a subresource is there for it. Pure. */
  readonly prepareForChange?: (object: T, old: T) => T;
  /** Why the object of that name may not be deleted; undefined when it may. */
  readonly mustStay?: (name: string) => string | undefined;
  /** What a first deletion makes of it before it is seen what holds it. Pure. */
  readonly prepareForDelete?: (object: T, now: number, options: DeleteOptions) => T;
  /** Sets what follows from the object's own uid, which is known last. Pure; the result is not validated again. */
  readonly withUid?: (object: T, uid: string) => T;
  /** What a reader sees of the stored object now (computed Lease renewals). Cheap; absent for most kinds. */
  readonly present?: (object: T, now: number) => T;
  /** Grace in seconds of a deletion that names none: pods on a node wait for their kubelet; others go at once (0). */
  readonly deletionGraceSeconds?: (object: T) => number;
  /** Versions in which it is served too, besides the one that is stored. */
  readonly otherVersions?: readonly OtherVersion<T>[];
  /** Serves `/scale` for this kind; absent for what has no replicas. */
  readonly scale?: ScaleSubresource<T> | undefined;
  /** What becomes of an object's dependents when its deletion does not say; absent: they go in the background. */
  readonly defaultPropagation?: "Orphan";
  /** Subresources that write one part of an object alone, such as pods/ephemeralcontainers, by name. */
  readonly parts?: Readonly<Record<string, PartSubresource<T>>>;
  /** POST subresources such as pods/binding and pods/eviction, by name. */
  readonly actions?: Readonly<Record<string, Action>>;
}

/** The parts of metadata that clients write. */
export type WrittenMetadata = "labels" | "annotations" | "finalizers" | "ownerReferences";

/** All of them, for kinds whose status is written apart from everything else (ResetObjectMetaForStatus). */
export const ALL_WRITTEN_METADATA: readonly WrittenMetadata[] = [
  "labels",
  "annotations",
  "finalizers",
  "ownerReferences",
];

/** Another version of a kind: the same objects, shown and taken in another form. */
export interface OtherVersion<T extends KubeObject> {
  /** Absent: that of the kind. */
  readonly group?: string;
  readonly version: string;
  readonly schema: string;
  /** Where fields have other names, those to select by, and their names in the stored version. */
  readonly selectableFields?: Readonly<Record<string, string>>;
  /** The object in this version. Pure. */
  show(object: T): KubeObject;
  /** The stored form of an object of this version; types fit the schema. Pure. */
  take(object: KubeObject): T;
  /** Rules, in the stored form, for what is created in this version; those of the kind come after. Pure. */
  readonly validateNew?: (object: T) => readonly FieldError[];
  /** The same for what is changed in this version. Pure. */
  readonly validateChange?: (object: T, old: T) => readonly FieldError[];
}

/** A subresource that is read as the whole object, and takes one part of what is written to it. */
export interface PartSubresource<T extends KubeObject> {
  /** The old object with the part of the given one, defaults filled in. Pure. */
  take(given: T, old: T): T;
  /** Rules of the part; they run instead of those of the kind. Pure. */
  validate(object: T, old: T): readonly FieldError[];
}

/** A POST subresource. `responseKind` and its group and version are what discovery lists. */
export interface Action {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  run(context: ActionContext): Promise<unknown>;
}

/** What a running action may use. The store calls `run` once per request. */
export interface ActionContext {
  readonly objects: Objects;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly body: unknown;
  readonly dryRun: boolean;
  /** Ms since the epoch. */
  now(): number;
  /** Signs tokens of service accounts; undefined where there are none. */
  readonly tokens: TokenSigner | undefined;
  /**
   * Changes the object the action is about in one commit: read, change and write with no other write between them, so
   * it never fails with Conflict by itself. Spec and status are both taken; defaults, schema and validation are not
   * run again, as the action has checked what it changes. `change` may throw ApiError and returns the same object to
   * leave it alone; `now` is in ms since the epoch. Honours `dryRun`. Fails with NotFound when there is no such object.
   */
  write<T extends KubeObject>(change: (object: T, now: number) => T): Promise<T>;
}

/** One table column, as kubectl prints it. */
export interface Column<T extends KubeObject = KubeObject> {
  /** As in a table's column definition, e.g. `Nominated Node`; printers write it in capitals. */
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** `name` marks the object's own name, which kubectl prefixes with `pod/` where kinds are mixed. */
  readonly format?: string;
  readonly description: string;
  readonly priority: 0 | 1;
  /** The cell's value, null for an empty one; `now` in ms since the epoch, for ages. */
  readonly cell: (object: T, now: number) => string | number | boolean | null;
}

/** `v1` or `kubesim.dev/v1alpha1`. */
export function apiVersionOf(kind: Pick<Kind, "group" | "version">): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}
