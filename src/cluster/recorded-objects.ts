import type { Status } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import { type Draft, type KubeObject, keyOf, type ObjectKey } from "../api/meta.ts";
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
} from "../api/objects.ts";

/** A write that came from outside and was carried out. */
export interface OutsideWrite {
  readonly verb: "create" | "change" | "delete" | "act";
  readonly kind: Kind;
  readonly key: ObjectKey;
  /** What came of it; undefined where nothing is left. */
  readonly result?: KubeObject;
  /** create: the draft. act: what was posted. */
  readonly body?: unknown;
  readonly subresource?: string;
  readonly deletion?: DeleteOptions;
}

/** Tells of every write that goes through: the door by which the outside reaches a cluster, with somebody beside it. */
export class RecordedObjects implements Objects {
  readonly #objects: Objects;
  readonly #tell: (write: OutsideWrite) => void;

  constructor(objects: Objects, tell: (write: OutsideWrite) => void) {
    this.#objects = objects;
    this.#tell = tell;
  }

  get writesEvents(): boolean {
    return this.#objects.writesEvents !== false;
  }

  get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return this.#objects.get(kind, key);
  }

  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<ObjectList<T>> {
    return this.#objects.list(kind, options);
  }

  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions, observer: WatchObserver<T>): Watch {
    return this.#objects.watch(kind, options, observer);
  }

  async create<T extends KubeObject>(kind: Kind<T>, draft: Draft<T>, options?: CreateOptions): Promise<T> {
    const result = await this.#objects.create(kind, draft, options);
    this.#done(options, { verb: "create", kind: asKind(kind), key: keyOf(result), result, body: draft });
    return result;
  }

  async update<T extends KubeObject>(kind: Kind<T>, object: T, options?: UpdateOptions): Promise<T> {
    const result = await this.#objects.update(kind, object, options);
    this.#changed(kind, result, options);
    return result;
  }

  async patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: Patch,
    options?: UpdateOptions,
  ): Promise<T> {
    const result = await this.#objects.patch(kind, key, patch, options);
    this.#changed(kind, result, options);
    return result;
  }

  async delete<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<T | Status> {
    const result = await this.#objects.delete(kind, key, options);
    this.#done(options, { verb: "delete", kind: asKind(kind), key, ...(options && { deletion: options }) });
    return result;
  }

  async act(
    kind: Kind,
    key: ObjectKey,
    action: string,
    body: unknown,
    options?: WriteOptions,
  ): Promise<unknown> {
    const result = await this.#objects.act(kind, key, action, body, options);
    this.#done(options, { verb: "act", kind, key, body, subresource: action });
    return result;
  }

  #changed<T extends KubeObject>(kind: Kind<T>, result: T, options: UpdateOptions | undefined): void {
    const subresource = options?.subresource ?? options?.part;
    const about = { kind: asKind(kind), key: keyOf(result), result };
    this.#done(options, { verb: "change", ...about, ...(subresource !== undefined && { subresource }) });
  }

  #done(options: { readonly dryRun?: boolean } | undefined, write: OutsideWrite): void {
    if (options?.dryRun !== true) this.#tell(write);
  }
}

function asKind<T extends KubeObject>(kind: Kind<T>): Kind {
  return kind as unknown as Kind;
}
