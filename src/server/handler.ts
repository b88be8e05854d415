import type { ContainerAccess } from "../api/container-access.ts";
import { ApiError, REASON_CODE } from "../api/errors.ts";
import { apiVersionOf, type Kind } from "../api/kind.ts";
import type { Objects } from "../api/objects.ts";
import { RECORDING_PATH } from "../api/recording-path.ts";
import { type ServedKinds, withKinds } from "../api/served-kinds.ts";
import { TOKEN_ISSUER, type TokenSigner } from "../api/token-signer.ts";
import type { User } from "../api/user.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import { type Access, createAccess } from "./access.ts";
import {
  type Answer,
  errorAnswer,
  headersFor,
  type Outlet,
  type WholeAnswer,
  withWarnings,
} from "./answer.ts";
import { type Callers, createCallers, MASTER_USER } from "./authentication/callers.ts";
import type { Attributes } from "./authorization/attributes.ts";
import { Authorizer, isMaster } from "./authorization/authorizer.ts";
import { guardedObjects } from "./authorization/escalation.ts";
import { pathAttributes, resourceAttributes } from "./authorization/request-attributes.ts";
import { createDocuments, type Document, type Documents } from "./documents.ts";
import type { Metric } from "./metrics-text.ts";
import { proxy } from "./proxy/proxy.ts";
import { prepareRelay } from "./proxy/relay.ts";
import { type Query, splitTarget } from "./query.ts";
import type { ApiRequest } from "./request.ts";
import { RequestCounts } from "./request-counts.ts";
import { REVIEWS } from "./reviews/registry.ts";
import { createRouter, type ResourceRoute, type Router } from "./route.ts";
import { KubeletChoice } from "./streaming/kubelet-choice.ts";
import { isTunnel, prepareTunnel } from "./streaming/tunnel.ts";
import type { OpenTunnel } from "./upgrade.ts";
import { bindings } from "./verbs/binding.ts";
import type { VerbContext } from "./verbs/context.ts";
import { dispatch } from "./verbs/dispatch.ts";
import { methodNotAllowed, unknownPath } from "./verbs/refusals.ts";
import { otherVersions, versionedObjects } from "./versioned-objects.ts";
import { WatchRegistry } from "./watch-registry.ts";

/** What a server is made of. */
export interface HandlerOptions {
  readonly objects: Objects;
  /** Every kind that is served; paths, discovery and tables follow from them. */
  readonly kinds: ServedKinds;
  readonly clock: Clock;
  /** What connections live by: how long a watch lasts. The cluster's own clock unless given. */
  readonly wireClock?: Clock;
  readonly random: Random;
  /** The kubelets of every agent, for logs, exec and the like; without them no node can be reached. */
  readonly kubelets?: readonly ContainerAccess[];
  /** kubesim's version, shown behind the Kubernetes version. */
  readonly version: string;
  /** The cluster's bearer token; undefined lets everyone in (only for use in memory). */
  readonly token: string | undefined;
  /** Reads the tokens of service accounts; absent: they can not log in. */
  readonly tokens?: TokenSigner | undefined;
  /** Records the cluster into a stream, for `GET /recording`; absent: it can not be recorded. */
  readonly record?: (outlet: Outlet) => void;
  /** Host names beside localhost and the loopback addresses under which the server may be addressed. */
  readonly hosts?: readonly string[];
  /** Open watches at most; further ones are answered 429. */
  readonly watchesMax?: number;
  /** What `/metrics` tells beside the server's own. */
  readonly metrics?: () => readonly Metric[];
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
  /** Lets a connection be upgraded for exec, attach or port-forward. Never rejects: a refusal is an answer. */
  upgrade(request: ApiRequest): Promise<OpenTunnel | WholeAnswer>;
  /** Where a carrier reports what it could not handle. */
  readonly onError: (error: unknown) => void;
  /** Ends all open watches cleanly; for a server that stops. */
  endWatches(): void;
  readonly openWatches: number;
}

const WATCHES_MAX = 12_000;
const TUNNELS_MAX = 512;

interface Parts {
  readonly options: HandlerOptions;
  /** In every version of their kinds. */
  readonly objects: Objects;
  readonly kinds: ServedKinds;
  readonly access: Access;
  readonly router: Router;
  readonly documents: Documents;
  readonly watches: WatchRegistry;
  readonly counts: RequestCounts;
  /** Connections for exec, attach and port-forward. */
  readonly tunnels: WatchRegistry;
  readonly containers: ContainerAccess;
  readonly authorizer: Authorizer;
  readonly callers: Callers;
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

function createParts(options: HandlerOptions): Parts {
  const { clock, tokens } = options;
  const objects = versionedObjects(options.objects);
  const others = otherVersions(options.kinds.all());
  const asked = [...REVIEWS.map(({ kind }) => kind), bindings];
  const kinds = withKinds(options.kinds, [...others, ...asked]);
  const access = createAccess(options);
  const authorizer = new Authorizer(objects, clock);
  const { isOwn } = access;
  const counts = new RequestCounts();
  const watches = new WatchRegistry(options.watchesMax ?? WATCHES_MAX);
  const metrics = () => [counts.metric(), longRunning(watches), ...(options.metrics?.() ?? [])];
  return {
    options,
    objects,
    kinds,
    access,
    router: createRouter(kinds),
    documents: withRecording(
      createDocuments(kinds, { version: options.version, metrics, tokens }),
      options.record,
    ),
    watches,
    counts,
    tunnels: new WatchRegistry(TUNNELS_MAX),
    containers: new KubeletChoice(options.kubelets ?? []),
    authorizer,
    callers: createCallers({ objects, clock, authorizer, isOwn, tokens, audience: TOKEN_ISSUER }),
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

function wantedOf(parts: Parts, request: ApiRequest, path: string, query: Query): Attributes {
  const resource = parts.documents(path) === undefined ? parts.router(path) : undefined;
  return resource === undefined
    ? pathAttributes(request, path)
    : resourceAttributes(request, resource, query);
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

function longRunning(watches: WatchRegistry): Metric {
  return {
    name: "apiserver_longrunning_requests",
    help: "Gauge of all active long-running apiserver requests.",
    type: "gauge",
    samples: [{ labels: { verb: "WATCH" }, value: watches.size }],
  };
}

/** Documents, and the recording: a stream that is no object either. */
function withRecording(documents: Documents, record: HandlerOptions["record"]): Documents {
  if (record === undefined) return documents;
  const headers = headersFor("application/jsonl");
  const recording: Document = { answer: () => ({ status: 200, headers, stream: record }) };
  return (path) => (path === RECORDING_PATH ? recording : documents(path));
}

function answerDocument(document: Document, request: ApiRequest): Answer | Promise<Answer> {
  if (request.method !== "GET") throw methodNotAllowed();
  return document.answer(request);
}

function contextOf(
  { options, objects: versioned, watches, containers, authorizer, callers }: Parts,
  request: ApiRequest,
  query: Query,
  resource: ResourceRoute,
  user: User,
): VerbContext {
  const { clock, wireClock = clock, random, onError } = options;
  const { kind, namespace } = resource;
  const objects = guardedObjects(versioned, user, authorizer);
  const audience = TOKEN_ISSUER;
  const access = { authorizer, callers, audience, user };
  const parties = { objects, clock, wireClock, random, watches, containers };
  return { ...parties, ...access, onError, request, query, kind, namespace };
}

/** The checks are those of any other request. */
async function openTunnel(parts: Parts, request: ApiRequest): Promise<OpenTunnel | WholeAnswer> {
  parts.access.checkOrigin(request);
  const { path, query } = splitTarget(request.target);
  const user = await parts.callers.of(request);
  if (!isMaster(user)) await parts.authorizer.require(user, wantedOf(parts, request, path, query));
  const resource = parts.router(path);
  const { name, subresource = "" } = resource ?? {};
  if (resource?.rest !== undefined && name !== undefined) {
    return await openRelay(parts, contextOf(parts, request, query, resource, user), name, resource.rest);
  }
  if (resource === undefined || name === undefined || !isTunnel(resource.kind, subresource))
    throw unknownPath();
  if (request.method !== "GET" && request.method !== "POST") throw methodNotAllowed();
  parts.tunnels.checkRoom();
  const context = contextOf(parts, request, query, resource, user);
  const tunnel = await prepareTunnel(context, name, subresource);
  const enterRegistry = (end: () => void) => {
    const endable = { end };
    parts.tunnels.add(endable);
    const forgetPod = tunnel.kind === "ports" ? tunnel.onPodEnd(end) : () => {};
    return () => {
      forgetPod();
      parts.tunnels.delete(endable);
    };
  };
  return { tunnel, enter: enterRegistry };
}

/** A kubelet's own server upgrades nothing here. */
async function openRelay(
  { tunnels }: Parts,
  context: VerbContext,
  name: string,
  rest: string,
): Promise<OpenTunnel | WholeAnswer> {
  if (context.kind.plural === "nodes") return await proxy(context, name, rest);
  tunnels.checkRoom();
  const tunnel = await prepareRelay(context, name, rest);
  const enter = (end: () => void) => {
    const endable = { end };
    tunnels.add(endable);
    return () => tunnels.delete(endable);
  };
  return { tunnel, enter };
}

function failure(options: HandlerOptions, error: unknown): WholeAnswer {
  if (error instanceof ApiError) return errorAnswer(error);
  options.onError(error);
  return errorAnswer(new ApiError("InternalError", "Internal error occurred"));
}
