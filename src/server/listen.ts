import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { ApiError } from "../api/errors.ts";
import { errorAnswer, type WholeAnswer } from "./answer.ts";
import type { Handler } from "./handler.ts";
import { Http2Door } from "./http2/door.ts";
import {
  CONNECTIONS_CHECK_MS,
  HEADER_LIMIT_BYTES,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  REQUEST_TIMEOUT_MS,
} from "./limits.ts";
import { HEADERS_TOO_LARGE, refuse, send, socketClock, TWO_HOSTS } from "./socket-answer.ts";
import { SocketRequest } from "./socket-request.ts";
import { isTunnelUpgrade, upgrade } from "./upgrade.ts";

/** Where and how to listen. */
export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Takes any free port when that one is taken. */
  readonly orAnyPort?: boolean;
  /** A loopback address: 127.0.0.1 unless told otherwise. */
  readonly host?: "127.0.0.1" | "::1";
  /** Certificate and key as PEM; without them the server speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server that listens. */
export interface Listening {
  /** `https://127.0.0.1:6443`. */
  readonly url: string;
  readonly port: number;
  /** Ends the watches, lets requests in flight end, and closes every connection within `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

const HANDSHAKE_TIMEOUT_MS = 5_000;
const BACKLOG = 4_096;
const CLOSE_GRACE_MS = 2_000;

/** Starts to listen. Fails with the system's error (EADDRINUSE) when the port is taken. */
export async function listen(handler: Handler, options: ListenOptions): Promise<Listening> {
  const http2 = new Http2Door(handler);
  const server = createServer(handler, http2, options);
  const host = options.host ?? "127.0.0.1";
  try {
    await bind(server, host, options.port);
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    if (!isTaken || options.orAnyPort !== true) throw error;
    await bind(server, host, 0);
  }
  const { port } = server.address() as AddressInfo;
  const scheme = options.tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://${host === "::1" ? "[::1]" : host}:${port}`,
    port,
    close: (graceMs = CLOSE_GRACE_MS) => close(server, http2, handler, graceMs),
  };
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function createServer(handler: Handler, http2: Http2Door, { tls }: ListenOptions): Server {
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    maxHeaderSize: HEADER_LIMIT_BYTES,
    noDelay: true,
  };
  const server =
    tls === undefined
      ? createHttpServer(limits)
      : createHttpsServer({
          ...limits,
          ...tls,
          // No client shows a certificate. Unless told so, Node reads all well-known authorities first (40 ms).
          ca: [],
          ALPNProtocols: ["h2", "http/1.1"],
          minVersion: "TLSv1.2",
          handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    serve(handler, request, response).catch((error: unknown) => {
      handler.onError(error);
      response.destroy();
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!isTunnelUpgrade(request)) {
      serveWithoutUpgrade(handler, request, socket);
      return;
    }
    upgrade(handler, request, socket, head).catch((error: unknown) => {
      handler.onError(error);
      socket.destroy();
    });
  });
  server.on("clientError", onClientError);
  if (tls !== undefined) chooseProtocol(server, http2);
  // A reset in the middle of a handshake is the client's affair.
  server.on("tlsClientError", (_error, socket: Socket) => socket.destroy());
  return server;
}

/** Leads connections that have agreed on HTTP/2 past Node's server, which speaks HTTP/1.1. */
function chooseProtocol(server: Server, http2: Http2Door): void {
  const [speakHttp1] = server.listeners("secureConnection") as [(socket: TLSSocket) => void];
  server.off("secureConnection", speakHttp1);
  server.on("secureConnection", (socket: TLSSocket) => {
    if (socket.alpnProtocol === "h2") return http2.take(socket);
    speakHttp1.call(server, socket);
    // Somebody who listens makes Node read through the socket's stream. Its short cut around that ends a TLS connection
    // with HPE_PAUSED when a client pipelines (kubesim's own does) and answers pile up; seen with Node 20.
    socket.on("data", ignore);
  });
}

function ignore(): void {}

async function serve(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const incoming = new SocketRequest(request);
  const answer = incoming.hasOneHost() ? await handler.handle(incoming) : TWO_HOSTS;
  if (response.destroyed) return;
  if (incoming.refused) return refuse(request.socket, answer as WholeAnswer);
  send(response, answer);
}

/** An offer of another protocol that is not taken up: the request is answered as if it had not been made. */
function serveWithoutUpgrade(handler: Handler, request: IncomingMessage, socket: Socket): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.on("finish", () => socket.end());
  serve(handler, request, response).catch((error: unknown) => {
    handler.onError(error);
    socket.destroy();
  });
}

/** What Node could not read as a request. Timed-out connections are just closed: nobody waits for an answer there. */
function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const isSilent = error.code === "ERR_HTTP_REQUEST_TIMEOUT" || error.code === "ECONNRESET";
  if (isSilent || !socket.writable) {
    socket.destroy();
    return;
  }
  refuse(socket, error.code === "HPE_HEADER_OVERFLOW" ? HEADERS_TOO_LARGE : NO_REQUEST);
}

const NO_REQUEST = errorAnswer(new ApiError("BadRequest", "not an HTTP request"));

async function close(server: Server, http2: Http2Door, handler: Handler, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Clients must know that the connection ends before their watches do, or they would ask again on it.
  http2.close();
  handler.endWatches();
  server.closeIdleConnections();
  const timer = socketClock.after(graceMs, () => {
    server.closeAllConnections();
    http2.destroy();
  });
  await closed;
  timer.cancel();
}
