import type { Status } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { events } from "../../api/kinds/event.ts";
import { persistentVolumes } from "../../api/kinds/persistent-volume.ts";
import { persistentVolumeClaims } from "../../api/kinds/persistent-volume-claim.ts";
import { type Draft, type KubeObject, keyOf, keyText, type ObjectKey } from "../../api/meta.ts";
import type {
  CreateOptions,
  DeleteOptions,
  ListOptions,
  ObjectList,
  Objects,
  Patch,
  UpdateOptions,
  Watch,
  WatchObserver,
  WatchOptions,
  WriteOptions,
} from "../../api/objects.ts";
import { Annotation } from "../../api/well-known.ts";

/** Something that the scheduler asks of the cluster, and waits for. */
export interface Call {
  readonly verb: "get" | "create" | "update" | "patch" | "delete" | "act";
  readonly kind: Kind;
  readonly key: ObjectKey;
  /** act: what is posted. */
  readonly body?: unknown;
}

const VOLUMES: readonly string[] = [persistentVolumes.kind, persistentVolumeClaims.kind];

/** As answers name it. */
export function callText({ verb, kind, key }: Call): string {
  return `${verb} ${kind.plural} ${keyText(key)}`;
}

/** False: what comes of it is nothing that the scheduler goes by. */
export function matters({ verb, kind }: Call): boolean {
  return kind.kind !== events.kind && (verb !== "get" || VOLUMES.includes(kind.kind));
}

/** True where the scheduler looks at what an answer says, and not only at whether there is one. */
export function isReadClosely({ kind }: Call): boolean {
  return VOLUMES.includes(kind.kind);
}

/** Which node a pod is bound to by a call, and which of its GPUs; undefined for any other call. */
export function bindingOf({ verb, kind, key, body }: Call): { pod: string; node: string } | undefined {
  const { target, metadata } = (body ?? {}) as {
    readonly target?: { readonly name: string };
    readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  };
  if (verb !== "act" || kind.kind !== "Pod" || target === undefined) return undefined;
  const devices = metadata?.annotations?.[Annotation.gpuDevices];
  return { pod: keyText(key), node: devices === undefined ? target.name : `${target.name} (GPU ${devices})` };
}

/** Who stands between the scheduler and the cluster: carries out a call, or answers in its place. */
export type Interception = <T>(call: Call, carryOut: () => Promise<T>) => Promise<T>;

/** Objects whose every call but lists and watches goes through somebody's hands. */
export class InterceptedObjects implements Objects {
  /** Kinds that were watched. */
  readonly watched = new Set<Kind>();
  readonly #objects: Objects;
  readonly #intercept: Interception;

  constructor(objects: Objects, intercept: Interception) {
    this.#objects = objects;
    this.#intercept = intercept;
  }

  get writesEvents(): boolean {
    return this.#objects.writesEvents !== false;
  }

  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>> {
    return this.#objects.list(kind, options);
  }

  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions, observer: WatchObserver<T>): Watch {
    this.watched.add(kind as unknown as Kind);
    return this.#objects.watch(kind, options, observer);
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.#intercept(call("get", kind, key), () => this.#objects.get(kind, key));
  }

  create<T extends KubeObject>(kind: Kind<T>, draft: Draft<T>, options?: CreateOptions): Promise<T> {
    const { name = "", namespace } = draft.metadata;
    const key = { name, ...(namespace !== undefined && { namespace }) };
    return this.#intercept(call("create", kind, key), () => this.#objects.create(kind, draft, options));
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T, options?: UpdateOptions): Promise<T> {
    return this.#intercept(call("update", kind, keyOf(object)), () =>
      this.#objects.update(kind, object, options),
    );
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: Patch,
    options?: UpdateOptions,
  ): Promise<T> {
    return this.#intercept(call("patch", kind, key), () => this.#objects.patch(kind, key, patch, options));
  }

  delete<T extends KubeObject>(kind: Kind<T>, key: ObjectKey, options?: DeleteOptions): Promise<T | Status> {
    return this.#intercept(call("delete", kind, key), () => this.#objects.delete<T>(kind, key, options));
  }

  act(kind: Kind, key: ObjectKey, action: string, body: unknown, options?: WriteOptions): Promise<unknown> {
    return this.#intercept({ ...call("act", kind, key), body }, () =>
      this.#objects.act(kind, key, action, body, options),
    );
  }
}

function call<T extends KubeObject>(verb: Call["verb"], kind: Kind<T>, key: ObjectKey): Call {
  return { verb, kind: kind as unknown as Kind, key };
}
