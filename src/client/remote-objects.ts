import type { Status } from "../api/errors.ts";
import { badRequest } from "../api/errors.ts";
import { apiVersionOf, type Kind } from "../api/kind.ts";
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
import { collectionPath, objectPath, type Query } from "./resource-path.ts";
import { expectBody, expectList, type RawList } from "./status-answer.ts";
import type { RequestParts, Transport } from "./transport.ts";
import { watchSink } from "./watch-stream.ts";

type WriteMethod = "POST" | "PUT" | "PATCH" | "DELETE";

/** Objects over HTTPS: any Kubernetes API server, kubesim's own above all. */
export class RemoteObjects implements Objects {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    return (await this.#read(objectPath(asKind(kind), key))) as T;
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const { namespace, labelSelector, fieldSelector, limit, continue: token } = options;
    const query = { labelSelector, fieldSelector, limit, continue: token };
    const answer = await this.#transport.request("GET", collectionPath(asKind(kind), namespace, query));
    return toList(kind, expectList(this.#transport.url, answer));
  }

  watch<T extends KubeObject>(kind: Kind<T>, options: WatchOptions, observer: WatchObserver<T>): Watch {
    const { namespace, labelSelector, fieldSelector, resourceVersion } = options;
    const path = collectionPath(asKind(kind), namespace, {
      watch: true,
      labelSelector,
      fieldSelector,
      resourceVersion,
      allowWatchBookmarks: options.bookmarks === true || options.sendInitialEvents === true || undefined,
      sendInitialEvents: options.sendInitialEvents || undefined,
      resourceVersionMatch: options.sendInitialEvents ? "NotOlderThan" : undefined,
    });
    const stop = this.#transport.stream(
      path,
      watchSink(this.#transport.url, observer, () => stop()),
    );
    return { close: stop };
  }

  async create<T extends KubeObject>(
    kind: Kind<T>,
    object: Draft<T>,
    options: CreateOptions = {},
  ): Promise<T> {
    const { namespace } = object.metadata;
    if (kind.namespaced && namespace === undefined) {
      throw badRequest("an empty namespace may not be set during creation");
    }
    const query = { ...writeQuery(options), replaces: options.replaces };
    const path = collectionPath(asKind(kind), namespace, query);
    return (await this.#write("POST", path, { body: object }, options)) as T;
  }

  async update<T extends KubeObject>(kind: Kind<T>, object: T, options: UpdateOptions = {}): Promise<T> {
    const path = objectPath(
      asKind(kind),
      keyOf(object),
      options.subresource ?? options.part,
      writeQuery(options),
    );
    return (await this.#write("PUT", path, { body: object }, options)) as T;
  }

  async patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    patch: Patch,
    options: UpdateOptions = {},
  ): Promise<T> {
    const force = patch.type === "apply" && patch.force === true ? true : undefined;
    const query = { ...writeQuery(options), force };
    const path = objectPath(asKind(kind), key, options.subresource ?? options.part, query);
    const body = patch.type === "json" ? patch.operations : patch.patch;
    const parts = { body, contentType: PATCH_TYPE[patch.type] };
    return (await this.#write("PATCH", path, parts, options)) as T;
  }

  async delete<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): Promise<T | Status> {
    const { dryRun, disruption: _, ...rest } = options;
    const body = {
      kind: "DeleteOptions",
      apiVersion: "v1",
      ...rest,
      ...(dryRun && { dryRun: ["All"] }),
    };
    return (await this.#write("DELETE", objectPath(asKind(kind), key), { body })) as T | Status;
  }

  async act(
    kind: Kind,
    key: ObjectKey,
    action: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<unknown> {
    const path = objectPath(kind, key, action, writeQuery(options));
    return this.#write("POST", path, { body }, options);
  }

  async #read(path: string): Promise<unknown> {
    return expectBody(this.#transport.url, await this.#transport.request("GET", path));
  }

  async #write(
    method: WriteMethod,
    path: string,
    parts: RequestParts,
    options?: UpdateOptions,
  ): Promise<unknown> {
    const answer = await this.#transport.request(method, path, parts);
    if (answer.status === CREATED) options?.onCreated?.();
    if (options?.onWarning !== undefined) answer.warnings.forEach(options.onWarning);
    return expectBody(this.#transport.url, answer);
  }
}

const CREATED = 201;

const PATCH_TYPE = {
  apply: "application/apply-patch+yaml",
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
} as const;

function writeQuery({ dryRun, fieldManager, fieldValidation }: WriteOptions): Query {
  return { dryRun: dryRun ? "All" : undefined, fieldManager, fieldValidation };
}

function toList<T extends KubeObject>(kind: Kind<T>, { metadata, items }: RawList): ObjectList<T> {
  const { resourceVersion, continue: token, remainingItemCount } = metadata;
  return {
    resourceVersion,
    items: withTypes(kind, (items ?? []) as readonly T[]),
    ...(token && { continue: token }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  };
}

/** Kubernetes leaves kind and apiVersion out of the items of a list; kubesim does not. */
function withTypes<T extends KubeObject>(kind: Kind<T>, items: readonly T[]): readonly T[] {
  if (items[0]?.kind !== undefined) return items;
  const apiVersion = apiVersionOf(kind);
  return items.map((item) => ({ ...item, apiVersion, kind: kind.kind }));
}

/** A kind's columns take its own objects, so TypeScript sees no common type; paths need only its names. */
function asKind<T extends KubeObject>(kind: Kind<T>): Kind {
  return kind as unknown as Kind;
}
