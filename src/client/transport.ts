import { createFetch, type FetchContext } from "ofetch";
import type { Dispatcher } from "undici";
import { CLUSTER_TIME_HEADER } from "../api/cluster-time-header.ts";
import { isRefused, unreachable } from "./errors.ts";
import { PlainWire } from "./plain-wire.ts";
import { Wire } from "./wire.ts";
import { createWireFetch, WireHeaders, type WireResponse } from "./wire-fetch.ts";

/** Where a server is and what to show it. PEM texts. */
export interface Endpoint {
  /** `https://127.0.0.1:6443`, perhaps with a path in front of the API. */
  readonly url: string;
  /** Trusted in place of the well-known authorities. */
  readonly certificateAuthority?: string;
  readonly token?: string;
  /** A client certificate, as kubeconfigs of other clusters use it. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
}

/** One answer, whatever its status. */
export interface Answer {
  readonly status: number;
  /** Undefined when there is no body, the text itself when it is no JSON. */
  readonly body: unknown;
  readonly isJson: boolean;
  readonly warnings: readonly string[];
}

/** What may be said about a request beside method and path. */
export interface RequestParts {
  readonly body?: unknown;
  readonly contentType?: string;
  /** Longest wait for the answer's first byte, in ms. */
  readonly timeoutMs?: number;
  /** How often a request that is safe to repeat is tried again (default 2). */
  readonly retries?: number;
}

/** Receives a streamed answer. After `end` nothing is called any more. */
export interface StreamSink {
  start(status: number): void;
  chunk(bytes: Buffer): void;
  end(error: Error | undefined): void;
}

/** As many requests as travel at once; more wait. Beyond this nothing gets faster on loopback. */
const CONNECTIONS = 32;
/** What commands ask at once that only look. */
const FEW = 8;
/** Creations leave on one connection, so many before the first answer has come. More would overfill Node's servers. */
const PIPELINED = 64;
const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 60_000;
/** Between two pieces of an answer. */
const PIECE_TIMEOUT_MS = 300_000;
const RETRY_DELAY_MS = 100;

/**
 * HTTPS to one server: kept-alive connections, its CA, the bearer token. Requests are repeated only when that is safe:
 * reads after any failure of the connection, writes when the connection was refused.
 */
export class Transport {
  readonly url: string;
  /** For connections of another kind to the same server. */
  readonly endpoint: Endpoint;
  readonly #prefix: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #requests: Wire;
  /**
   * Creations have a connection of their own and leave it in the order they were asked for, without waiting for each
   * other's answers: the server takes them up in that order, so that objects are created in the caller's order.
   */
  readonly #creations: Wire;
  /** Streams stay open for long; they must not take the requests' connections. */
  readonly #streams: PlainWire;
  readonly #fetch: ReturnType<typeof createFetch>;
  readonly #fetchInOrder: ReturnType<typeof createFetch>;
  #clusterTimeMs: number | undefined;

  constructor(endpoint: Endpoint) {
    const { origin, pathname } = new URL(endpoint.url);
    this.endpoint = endpoint;
    this.url = endpoint.url.replace(/\/+$/, "");
    this.#prefix = pathname.replace(/\/+$/, "");
    this.#headers = {
      accept: "application/json",
      ...(endpoint.token !== undefined && { authorization: `Bearer ${endpoint.token}` }),
    };
    const options = {
      ...(endpoint.certificateAuthority !== undefined && { ca: endpoint.certificateAuthority }),
      ...(endpoint.clientCertificate !== undefined && {
        cert: endpoint.clientCertificate.certificate,
        key: endpoint.clientCertificate.key,
      }),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      headersTimeoutMs: ANSWER_TIMEOUT_MS,
      bodyTimeoutMs: PIECE_TIMEOUT_MS,
    };
    this.#requests = new Wire(origin, { ...options, connections: CONNECTIONS, few: FEW });
    this.#creations = new Wire(origin, { ...options, connections: 1, few: 1, pipelining: PIPELINED });
    this.#streams = new PlainWire(origin, {
      ...options,
      connections: Number.POSITIVE_INFINITY,
      bodyTimeoutMs: 0,
    });
    this.#fetch = fetchOver(createWireFetch(this.#requests));
    this.#fetchInOrder = fetchOver(createWireFetch(this.#creations, true));
  }

  /** One request and its whole answer. Fails with ServerUnreachable when there is none. */
  async request(method: Dispatcher.HttpMethod, path: string, parts: RequestParts = {}): Promise<Answer> {
    const { body, contentType, timeoutMs, retries = 2 } = parts;
    const options = {
      method,
      headers: { ...this.#headers, ...(body !== undefined && { "content-type": contentType ?? JSON_TYPE }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(timeoutMs !== undefined && { headersTimeout: timeoutMs }),
      responseType: "text" as const,
      ignoreResponseError: true,
      retry: retries,
      retryDelay: RETRY_DELAY_MS,
      retryStatusCodes: CONNECTION_FAILED,
      onRequestError: stopUnsafeRetry,
    };
    try {
      const send = method === "POST" ? this.#fetchInOrder : this.#fetch;
      const answer = (await send.raw(this.#prefix + path, options)) as unknown as RawAnswer;
      const time = answer.headers.get(CLUSTER_TIME_HEADER);
      if (time !== null) this.#clusterTimeMs = Date.parse(time);
      return toAnswer(answer);
    } catch (error) {
      throw unreachable(this.url, (error as Error).cause ?? error, method !== "GET");
    }
  }

  /** The time of a cluster that has one of its own, by its last answer; ms since the epoch. */
  get clusterTimeMs(): number | undefined {
    return this.#clusterTimeMs;
  }

  /** Starts a GET whose answer is streamed. The returned function ends it; the sink is silent from then on. */
  stream(path: string, sink: StreamSink): () => void {
    const handler = new StreamHandler(sink);
    // Later, so that a wire that is closed already answers after the caller has its handle.
    queueMicrotask(() => {
      this.#streams.dispatch({ path: this.#prefix + path, method: "GET", headers: this.#headers }, handler);
    });
    return () => handler.stop();
  }

  /** Ends every connection; requests under way fail. */
  async close(): Promise<void> {
    await Promise.all([this.#requests.destroy(), this.#creations.destroy(), this.#streams.destroy()]);
  }
}

/** ofetch asks for the platform's types but uses only what WireResponse and WireHeaders have. */
function fetchOver(wireFetch: ReturnType<typeof createWireFetch>): ReturnType<typeof createFetch> {
  return createFetch({
    fetch: wireFetch as unknown as typeof fetch,
    Headers: WireHeaders as unknown as typeof Headers,
  });
}

const JSON_TYPE = "application/json";
/** What ofetch takes for the status of a request without an answer. */
const CONNECTION_FAILED = [500];

function stopUnsafeRetry({ options, error }: FetchContext): void {
  if (options.method !== "GET" && !isRefused(error)) options.retry = false;
}

type RawAnswer = WireResponse & { readonly _data?: string };

function toAnswer(response: RawAnswer): Answer {
  const warnings = [response.rawHeaders.warning ?? []].flat().map(warningText);
  const text = response._data;
  if (text === undefined || text === "")
    return { status: response.status, body: undefined, isJson: false, warnings };
  try {
    return { status: response.status, body: JSON.parse(text), isJson: true, warnings };
  } catch {
    return { status: response.status, body: text, isJson: false, warnings };
  }
}

/** `299 - "unknown field \"spec.x\""` -> `unknown field "spec.x"` (RFC 7234, section 5.5). */
function warningText(header: string): string {
  const quoted = /"((?:[^"\\]|\\.)*)"/.exec(header)?.[1];
  return quoted === undefined ? header : quoted.replace(/\\(.)/g, "$1");
}

class StreamHandler implements Dispatcher.DispatchHandler {
  readonly #sink: StreamSink;
  #stopped = false;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(sink: StreamSink) {
    this.#sink = sink;
  }

  stop(): void {
    this.#stopped = true;
    this.#controller?.abort(new Error("stream closed"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopped) controller.abort(new Error("stream closed"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (!this.#stopped) this.#sink.start(status);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#stopped) this.#sink.chunk(chunk);
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(error);
  }

  #end(error: Error | undefined): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#sink.end(error);
  }
}
