import { isoTime } from "../lib/iso-time.ts";

/** What every object carries. Objects are immutable: a write makes a new object that shares what did not change. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** metav1.ObjectMeta. Names, uid and versions are set by the server; timestamps are RFC 3339 with whole seconds. */
export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly unknown[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The object as a caller hands it in for creation: what the server sets may be missing. */
export type Draft<T extends KubeObject> = Omit<T, "metadata"> & {
  readonly metadata: Partial<ObjectMeta> & ({ readonly name: string } | { readonly generateName: string });
};

/** Names one object of a kind; `namespace` is absent for cluster-scoped kinds. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/** metav1.Condition as Nodes and Pods use it. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
  readonly lastHeartbeatTime?: string | null;
  readonly lastProbeTime?: string | null;
  readonly observedGeneration?: number;
}

/** What an object is asked for by. */
export function keyOf(object: KubeObject): ObjectKey {
  const { name, namespace } = object.metadata;
  return namespace === undefined ? { name } : { namespace, name };
}

/**
 * The object with other metadata. Copied first and then set: this runs for all kinds, and where V8 meets many kinds in
 * one place, a literal that spreads and overwrites takes it four times as long.
 */
export function withMetadata<T extends KubeObject>(object: T, metadata: ObjectMeta): T {
  const copy: T = { ...object };
  (copy as { metadata: ObjectMeta }).metadata = metadata;
  return copy;
}

/** What the object says of its state, for code of all kinds; undefined when it says nothing. */
export function statusOf(object: KubeObject): unknown {
  return (object as KubeObject & { readonly status?: unknown }).status;
}

/** The object without its status. */
export function withoutStatus<T extends KubeObject>(object: T): T {
  const { status: _status, ...rest } = object as T & { readonly status?: unknown };
  return rest as unknown as T;
}

/** The object with another status; see `withMetadata`. */
export function withStatus<T extends KubeObject>(object: T, status: unknown): T {
  const copy: T = { ...object };
  (copy as { status?: unknown }).status = status;
  return copy;
}

/** `namespace/name`, or `name` for cluster-scoped objects: the form of messages and of map keys. */
export function keyText(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`;
}

let lastSecond = Number.NaN;
let lastTimestamp = "";

/** metav1.Time: whole seconds. Thousands of objects are stamped within one second, so its text is kept. */
export function timestamp(epochMs: number): string {
  const second = Math.floor(epochMs / 1_000);
  if (second !== lastSecond) {
    lastTimestamp = `${isoTime(epochMs).slice(0, 19)}Z`;
    lastSecond = second;
  }
  return lastTimestamp;
}

let lastParsed = "";
let lastEpochMs = Number.NaN;

/** Ms since the epoch of a metav1.Time; the last one is kept, as by `timestamp`. */
export function epochMs(time: string): number {
  if (time !== lastParsed) {
    lastEpochMs = Date.parse(time);
    lastParsed = time;
  }
  return lastEpochMs;
}

/** metav1.MicroTime: exactly six fraction digits, or Go clients refuse it. */
export function microTimestamp(epochMs: number): string {
  return `${isoTime(epochMs).slice(0, 23)}000Z`;
}
