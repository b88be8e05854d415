import { ApiError, REASON_CODE } from "../api/errors.ts";
import { apiVersionOf, type Kind } from "../api/kind.ts";
import type { User } from "../api/user.ts";
import { type Answer, errorAnswer, type WholeAnswer, withWarnings } from "./answer.ts";
import { MASTER_USER } from "./authentication/callers.ts";
import { isMaster } from "./authorization/authorizer.ts";
import type { Document } from "./documents.ts";
import { openTunnel } from "./open-tunnel.ts";
import { contextOf, createParts, type HandlerOptions, type Parts, wantedOf } from "./parts.ts";
import { type Query, splitTarget } from "./query.ts";
import type { ApiRequest } from "./request.ts";
import type { ResourceRoute } from "./route.ts";
import type { OpenTunnel } from "./upgrade.ts";
import { dispatch } from "./verbs/dispatch.ts";
import { methodNotAllowed, unknownPath } from "./verbs/refusals.ts";

/** The HTTP face of an Objects, without any transport. */
export interface Handler {
  /** Answers a request. Never rejects: every failure is an answer. */
  handle(request: ApiRequest): Promise<Answer>;
  /** Lets a connection be upgraded for exec, attach or port-forward. Never rejects: a refusal is an answer. */
  upgrade(request: ApiRequest): Promise<OpenTunnel | WholeAnswer>;
  /** Where a carrier reports what it could not handle. */
  readonly onError: (error: unknown) => void;
  /** Ends all open watches cleanly; for a server that stops. */
  endWatches(): void;
  readonly openWatches: number;
}

/** Makes the handler of a server. */
export function createHandler(options: HandlerOptions): Handler {
  const parts = createParts(options);
  const { kinds } = parts;
  const { onRequest, clock, wireClock = clock } = options;
  const isGone = (kind: Kind | undefined) =>
    kind !== undefined && kinds.in(apiVersionOf(kind))?.get(kind.plural) !== kind;
  kinds.onChange(() => parts.watches.endAll(isGone));
  const answer = async (request: ApiRequest): Promise<Answer> => {
    try {
      return await route(parts, request);
    } catch (error) {
      return failure(options, error);
    }
  };
  const recorded = async (request: ApiRequest): Promise<Answer> => {
    const startMs = wireClock.monotonicMs();
    const result = await answer(request);
    const path = request.target.split("?", 1)[0] as string;
    const durationMs = wireClock.monotonicMs() - startMs;
    onRequest?.({ method: request.method, path, status: result.status, durationMs });
    return result;
  };
  return {
    handle: onRequest === undefined ? answer : recorded,
    async upgrade(request) {
      try {
        return await openTunnel(parts, request);
      } catch (error) {
        return failure(options, error);
      }
    },
    onError: options.onError,
    endWatches() {
      parts.authorizer.stop();
      parts.watches.endAll();
      parts.tunnels.endAll();
    },
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
  if (document?.public) return answerDocument(document, request);
  const user = parts.callers.of(request);
  // The cluster's own token may do everything, and waits for nobody.
  if (user === MASTER_USER) return serve(parts, request, path, query, MASTER_USER);
  return Promise.resolve(user).then(async (caller) => {
    if (!isMaster(caller)) await parts.authorizer.require(caller, wantedOf(parts, request, path, query));
    return serve(parts, request, path, query, caller);
  });
}

/** Answers a request of somebody who may make it. */
function serve(
  parts: Parts,
  request: ApiRequest,
  path: string,
  query: Query,
  user: User,
): Answer | Promise<Answer> {
  const document = parts.documents(path);
  if (document !== undefined) return answerDocument(document, request);
  const resource = parts.router(path);
  if (resource === undefined) throw unknownPath();
  return counted(parts, request, query, resource, user);
}

async function counted(
  parts: Parts,
  request: ApiRequest,
  query: Query,
  resource: ResourceRoute,
  user: User,
): Promise<Answer> {
  let status = 500;
  try {
    const answer = await dispatch(contextOf(parts, request, query, resource, user), resource);
    status = answer.status;
    const { deprecation } = resource.kind;
    return deprecation === undefined ? answer : withWarnings(answer, [deprecation]);
  } catch (error) {
    if (error instanceof ApiError) status = REASON_CODE[error.reason];
    throw error;
  } finally {
    parts.counts.add(request, query, resource, status);
  }
}

function answerDocument(document: Document, request: ApiRequest): Answer | Promise<Answer> {
  if (request.method !== "GET") throw methodNotAllowed();
  return document.answer(request);
}

function failure(options: HandlerOptions, error: unknown): WholeAnswer {
  if (error instanceof ApiError) return errorAnswer(error);
  options.onError(error);
  return errorAnswer(new ApiError("InternalError", "Internal error occurred"));
}
