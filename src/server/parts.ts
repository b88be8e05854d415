import type { ContainerAccess } from "../api/container-access.ts";
import type { Objects } from "../api/objects.ts";
import { RECORDING_PATH } from "../api/recording-path.ts";
import { type ServedKinds, withKinds } from "../api/served-kinds.ts";
import { TOKEN_ISSUER, type TokenSigner } from "../api/token-signer.ts";
import type { User } from "../api/user.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import { type Access, createAccess } from "./access.ts";
import { headersFor, type Outlet } from "./answer.ts";
import { type Callers, createCallers } from "./authentication/callers.ts";
import type { Attributes } from "./authorization/attributes.ts";
import { Authorizer } from "./authorization/authorizer.ts";
import { guardedObjects } from "./authorization/escalation.ts";
import { pathAttributes, resourceAttributes } from "./authorization/request-attributes.ts";
import { createDocuments, type Document, type Documents } from "./documents.ts";
import type { Metric } from "./metrics-text.ts";
import type { Query } from "./query.ts";
import type { ApiRequest } from "./request.ts";
import { RequestCounts } from "./request-counts.ts";
import { REVIEWS } from "./reviews/registry.ts";
import { createRouter, type ResourceRoute, type Router } from "./route.ts";
import { KubeletChoice } from "./streaming/kubelet-choice.ts";
import { bindings } from "./verbs/binding.ts";
import type { VerbContext } from "./verbs/context.ts";
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
  /** Reads the tokens of service accounts; absent: they cannot log in. */
  readonly tokens?: TokenSigner | undefined;
  /** Records the cluster into a stream, for `GET /recording`; absent: it cannot be recorded. */
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

const WATCHES_MAX = 12_000;
const TUNNELS_MAX = 512;

/** What every request meets with. */
export interface Parts {
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

/** Makes the parts of one server. */
export function createParts(options: HandlerOptions): Parts {
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

/** What a request wants to do, in the words of authorization. */
export function wantedOf(parts: Parts, request: ApiRequest, path: string, query: Query): Attributes {
  const resource = parts.documents(path) === undefined ? parts.router(path) : undefined;
  return resource === undefined
    ? pathAttributes(request, path)
    : resourceAttributes(request, resource, query);
}

/** What a verb works with, for a request that has been let in. */
export function contextOf(
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
