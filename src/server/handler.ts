import { ApiError } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import { type Access, createAccess } from "./access.ts";
import { type Answer, errorAnswer } from "./answer.ts";
import { createDocuments, type Documents } from "./documents.ts";
import { booleanParameter, type Query, splitTarget } from "./query.ts";
import type { ApiRequest } from "./request.ts";
import { createRouter, type ResourceRoute, type Router } from "./route.ts";
import type { VerbContext } from "./verbs/context.ts";
import { deleteCollection, deleteObject } from "./verbs/delete.ts";
import { getObject, listObjects } from "./verbs/read.ts";
import { watchObjects } from "./verbs/watch.ts";
import { createObject, patchObject, replaceObject, runAction } from "./verbs/write.ts";
import { WatchRegistry } from "./watch-registry.ts";

/** What a server is made of. */
export interface HandlerOptions {
  readonly objects: Objects;
  /** Every kind that is served; paths, discovery and tables follow from them. */
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly random: Random;
  /** kubesim's version, shown behind the Kubernetes version. */
  readonly version: string;
  /** The cluster's bearer token; undefined lets everyone in (only for use in memory). */
  readonly token: string | undefined;
  /** Host names beside localhost and the loopback addresses under which the server may be addressed. */
  readonly hosts?: readonly string[];
  /** Open watches at most; further ones are answered 429. */
  readonly watchesMax?: number;
  /** Told about failures that are no ApiError: a defect, never the client's doing. */
  readonly onError: (error: unknown) => void;
  /** Told about every request once its answer is known. */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** One line of an access log. */
export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

/** The HTTP face of an Objects, without any transport. */
export interface Handler {
  /** Answers a request. Never rejects: every failure is an answer. */
  handle(request: ApiRequest): Promise<Answer>;
  /** Ends all open watches cleanly; for a server that stops. */
  endWatches(): void;
  readonly openWatches: number;
}

const WATCHES_MAX = 12_000;

interface Parts {
  readonly options: HandlerOptions;
  readonly access: Access;
  readonly router: Router;
  readonly documents: Documents;
  readonly watches: WatchRegistry;
}

/** Makes the handler of a server. */
export function createHandler(options: HandlerOptions): Handler {
  const parts: Parts = {
    options,
    access: createAccess(options),
    router: createRouter(options.kinds),
    documents: createDocuments(options.kinds, options.version),
    watches: new WatchRegistry(options.watchesMax ?? WATCHES_MAX),
  };
  const { onRequest, clock } = options;
  const answer = async (request: ApiRequest): Promise<Answer> => {
    try {
      return await route(parts, request);
    } catch (error) {
      return failure(options, error);
    }
  };
  const recorded = async (request: ApiRequest): Promise<Answer> => {
    const startMs = clock.monotonicMs();
    const result = await answer(request);
    const path = request.target.split("?", 1)[0] as string;
    const durationMs = clock.monotonicMs() - startMs;
    onRequest?.({ method: request.method, path, status: result.status, durationMs });
    return result;
  };
  return {
    handle: onRequest === undefined ? answer : recorded,
    endWatches: () => parts.watches.endAll(),
    get openWatches() {
      return parts.watches.size;
    },
  };
}

function route(parts: Parts, request: ApiRequest): Answer | Promise<Answer> {
  parts.access.checkOrigin(request);
  if (!request.target.startsWith("/"))
    throw new ApiError("Forbidden", "forbidden: the request target must be a path");
  const { path, query } = splitTarget(request.target);
  const document = parts.documents(path);
  if (document === undefined || !document.public) parts.access.checkToken(request);
  if (document !== undefined) {
    if (request.method !== "GET") throw methodNotAllowed();
    return document.answer(request);
  }
  const resource = parts.router(path);
  if (resource === undefined) throw unknownPath();
  return dispatch(parts, request, query, resource);
}

function dispatch(parts: Parts, request: ApiRequest, query: Query, route: ResourceRoute): Promise<Answer> {
  const { objects, clock, random } = parts.options;
  const { kind, namespace, name, subresource } = route;
  const context: VerbContext = {
    objects,
    clock,
    random,
    watches: parts.watches,
    request,
    query,
    kind,
    namespace,
  };
  if (name === undefined) return onCollection(context);
  if (subresource === undefined) return onObject(context, name);
  if (subresource === "status" && kind.statusSubresource) return onStatus(context, name);
  if (kind.actions && Object.hasOwn(kind.actions, subresource)) {
    if (request.method !== "POST") throw methodNotAllowed();
    return runAction(context, name, subresource);
  }
  return withoutSubresource(context, name, subresource);
}

function onCollection(context: VerbContext): Promise<Answer> {
  const { method } = context.request;
  if (method === "GET") {
    return booleanParameter(context.query, "watch") ? watchObjects(context, undefined) : listObjects(context);
  }
  // Namespaced kinds are written in one namespace; the path over all of them only reads.
  if (context.kind.namespaced && context.namespace === undefined) throw methodNotAllowed();
  if (method === "POST") return createObject(context);
  if (method === "DELETE") return deleteCollection(context);
  throw methodNotAllowed();
}

function onObject(context: VerbContext, name: string): Promise<Answer> {
  switch (context.request.method) {
    case "GET":
      return booleanParameter(context.query, "watch")
        ? watchObjects(context, name)
        : getObject(context, name);
    case "PUT":
      return replaceObject(context, name, undefined);
    case "PATCH":
      return patchObject(context, name, undefined);
    case "DELETE":
      return deleteObject(context, name);
    default:
      throw methodNotAllowed();
  }
}

function onStatus(context: VerbContext, name: string): Promise<Answer> {
  switch (context.request.method) {
    case "GET":
      return getObject(context, name);
    case "PUT":
      return replaceObject(context, name, "status");
    case "PATCH":
      return patchObject(context, name, "status");
    default:
      throw methodNotAllowed();
  }
}

/** Logs, exec and the like: says what is missing, the object or the feature. */
async function withoutSubresource(context: VerbContext, name: string, subresource: string): Promise<Answer> {
  if (!PLANNED_SUBRESOURCES.has(`${context.kind.plural}/${subresource}`)) throw unknownPath();
  await getObject(context, name);
  throw new ApiError(
    "BadRequest",
    `this version of kubesim does not serve ${context.kind.plural}/${subresource}`,
  );
}

const PLANNED_SUBRESOURCES = new Set(["pods/log", "pods/exec", "pods/attach", "pods/portforward"]);

function failure(options: HandlerOptions, error: unknown): Answer {
  if (error instanceof ApiError) return errorAnswer(error);
  options.onError(error);
  return errorAnswer(new ApiError("InternalError", "Internal error occurred"));
}

function unknownPath(): ApiError {
  return new ApiError("NotFound", "the server could not find the requested resource");
}

function methodNotAllowed(): ApiError {
  return new ApiError("MethodNotAllowed", "the server does not allow this method on the requested resource");
}
