import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import type { Timer } from "../../clock/clock.ts";
import type { Handler } from "../handler.ts";
import { CONNECTIONS_CHECK_MS, HEADER_LIMIT_BYTES, HEADERS_TIMEOUT_MS, KEEP_ALIVE_MS } from "../limits.ts";
import { HEADERS_TOO_LARGE, socketClock, TWO_HOSTS } from "../socket-answer.ts";
import { breakOff, send } from "./stream-answer.ts";
import { StreamRequest } from "./stream-request.ts";

/**
 * As many streams as kube-apiserver allows on a connection; clients open another one for more. What a client may do to
 * a session without end (resets, pings, settings, broken frames) is limited by nghttp2, which then says GOAWAY.
 */
const OPTIONS: ServerOptions = {
  settings: { maxConcurrentStreams: 100, maxHeaderListSize: 4 * HEADER_LIMIT_BYTES },
  maxHeaderListPairs: 1_000,
  // In MB: what a hundred slow readers may leave unread. No further stream is taken until they have read on.
  maxSessionMemory: 32,
};

/** What Node tells of a new stream; its types leave out the last: names and values of the headers in turn. */
type StreamEvent = [ServerHttp2Stream, IncomingHttpHeaders, flags: number, raw: string[]];

/** A connection, and until when it may stay without a request. */
interface Connection {
  readonly socket: TLSSocket;
  readonly session: ServerHttp2Session;
  streams: number;
  idleUntilMs: number;
}

/** The connections that speak HTTP/2, over sockets that others accept. */
export class Http2Sessions {
  readonly #handler: Handler;
  readonly #connections = new Set<Connection>();
  #sweeps: Timer | undefined;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  /** Serves a socket whose handshake is over. */
  open(socket: TLSSocket): void {
    if (socket.destroyed) return;
    const session = performServerHandshake(socket, OPTIONS);
    const idleUntilMs = socketClock.monotonicMs() + HEADERS_TIMEOUT_MS;
    const connection: Connection = { socket, session, streams: 0, idleUntilMs };
    // Whatever goes wrong with a connection is its client's affair; the session is over then.
    session.on("error", ignore);
    // It speaks. Go opens more connections than it needs at once, and keeps the others for later.
    session.once("remoteSettings", () => stay(connection));
    session.on("stream", (...[stream, headers, , raw]: StreamEvent) => {
      this.#take(connection, stream, new StreamRequest(stream, headers, raw));
    });
    this.#connections.add(connection);
    socket.once("close", () => this.#forget(connection));
    this.#sweeps ??= socketClock.every(CONNECTIONS_CHECK_MS, () => this.#sweep());
  }

  /** Takes no further request; each connection closes when its last answer is out. */
  close(): void {
    for (const { session } of this.#connections) session.close();
  }

  #take(connection: Connection, stream: ServerHttp2Stream, request: StreamRequest): void {
    connection.streams++;
    stream.on("error", ignore);
    stream.once("close", () => {
      connection.streams--;
      stay(connection);
    });
    serve(this.#handler, stream, request).catch((error: unknown) => {
      this.#handler.onError(error);
      breakOff(stream);
    });
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0) return;
    this.#sweeps?.cancel();
    this.#sweeps = undefined;
  }

  /** Closes what nobody uses, and breaks off what does not close. */
  #sweep(): void {
    const now = socketClock.monotonicMs();
    for (const connection of this.#connections) {
      if (connection.streams > 0 || now < connection.idleUntilMs) continue;
      if (connection.session.closed) connection.socket.destroy();
      connection.session.close();
      connection.idleUntilMs = now + HEADERS_TIMEOUT_MS;
    }
  }
}

function stay(connection: Connection): void {
  connection.idleUntilMs = socketClock.monotonicMs() + KEEP_ALIVE_MS;
}

function ignore(): void {}

async function serve(handler: Handler, stream: ServerHttp2Stream, request: StreamRequest): Promise<void> {
  const answer = refusal(request) ?? (await handler.handle(request));
  if (stream.destroyed || stream.closed) return;
  send(stream, answer);
  // The answer is whole, and the rest of the body is not wanted.
  if (request.refused) stream.close(constants.NGHTTP2_NO_ERROR);
}

function refusal(request: StreamRequest) {
  if (request.headerBytes > HEADER_LIMIT_BYTES) return HEADERS_TOO_LARGE;
  return request.hasOneHost() ? undefined : TWO_HOSTS;
}
