import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { ApiError } from "../api/errors.ts";
import { RealClock } from "../clock/real.ts";
import { type Answer, errorAnswer, type Outlet, type WholeAnswer } from "./answer.ts";
import type { Handler } from "./handler.ts";
import type { ApiRequest } from "./request.ts";

/** Where and how to listen. */
export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number;
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

/** Slow headers, slow bodies and idle connections must not hold the server. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 5 * 60_000;
const HANDSHAKE_TIMEOUT_MS = 5_000;
const CONNECTIONS_CHECK_MS = 1_000;
const HEADER_LIMIT_BYTES = 16_384;
const BACKLOG = 4_096;
const CLOSE_GRACE_MS = 2_000;
/** How long a refused upload is left open, unread, so that its client sees the answer before the connection breaks. */
const REFUSED_LINGER_MS = 500;

/** Sockets live in real time, whatever clock the cluster runs on. */
const socketClock = new RealClock();

/** Starts to listen. Fails with the system's error (EADDRINUSE) when the port is taken. */
export async function listen(handler: Handler, options: ListenOptions): Promise<Listening> {
  const server = createServer(handler, options);
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const scheme = options.tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://${host === "::1" ? "[::1]" : host}:${port}`,
    port,
    close: (graceMs = CLOSE_GRACE_MS) => close(server, handler, graceMs),
  };
}

function createServer(handler: Handler, { tls }: ListenOptions): Server {
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
          minVersion: "TLSv1.2",
          handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    void serve(handler, request, response);
  });
  server.on("clientError", onClientError);
  // A reset in the middle of a handshake is the client's affair.
  server.on("tlsClientError", (_error, socket: Socket) => socket.destroy());
  return server;
}

async function serve(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const incoming = new SocketRequest(request);
  const answer = incoming.hasOneHost() ? await handler.handle(incoming) : TWO_HOSTS;
  if (response.destroyed) return;
  if (incoming.refused) return refuseBody(request, answer);
  send(response, answer);
}

function send(response: ServerResponse, answer: Answer): void {
  if ("stream" in answer) {
    response.writeHead(answer.status, answer.headers as string[]);
    response.flushHeaders();
    answer.stream(new SocketOutlet(response));
    return;
  }
  const { status, headers, body } = answer;
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, [...headers, "content-length", String(length)]);
  response.end(body);
}

const TWO_HOSTS = errorAnswer(new ApiError("BadRequest", "the request must have exactly one Host header"));

class SocketRequest implements ApiRequest {
  readonly #request: IncomingMessage;
  /** True once the body was found to be too long: the rest of it is still on the wire. */
  refused = false;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get method(): string {
    return this.#request.method ?? "";
  }

  get target(): string {
    return this.#request.url ?? "";
  }

  header(name: string): string | undefined {
    return this.#request.headers[name] as string | undefined;
  }

  /** Node keeps the first of several Host headers; another server or proxy might believe the last. */
  hasOneHost(): boolean {
    const names = this.#request.rawHeaders;
    let count = 0;
    for (let index = 0; index < names.length; index += 2) {
      const name = names[index] as string;
      if (name.length === 4 && name.toLowerCase() === "host") count++;
    }
    return count < 2;
  }

  readBody(limitBytes: number): Promise<Buffer> {
    const request = this.#request;
    return new Promise((resolve, reject) => {
      const refuse = () => {
        this.refused = true;
        request.off("data", onData);
        request.pause();
        reject(tooLarge(limitBytes));
      };
      if (Number(request.headers["content-length"] ?? 0) > limitBytes) return refuse();
      let first: Buffer | undefined;
      let more: Buffer[] | undefined;
      let length = 0;
      const onData = (chunk: Buffer) => {
        length += chunk.length;
        if (length > limitBytes) return refuse();
        if (first === undefined) first = chunk;
        else if (more === undefined) more = [first, chunk];
        else more.push(chunk);
      };
      request.on("data", onData);
      request.on("end", () => resolve(more === undefined ? (first ?? EMPTY) : Buffer.concat(more, length)));
      request.on("error", () => reject(new ApiError("BadRequest", "the request body ended too early")));
    });
  }
}

const EMPTY = Buffer.alloc(0);

function tooLarge(limitBytes: number): ApiError {
  return new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${limitBytes}`);
}

/**
 * Answers in the middle of an upload. Written to the socket itself, as ServerResponse would go on reading the body;
 * the connection is broken a little later, when the client has had time to see the answer.
 */
function refuseBody(request: IncomingMessage, answer: Answer): void {
  const { socket } = request;
  socket.end(rawResponse(answer as WholeAnswer));
  socketClock.after(REFUSED_LINGER_MS, () => socket.destroy());
}

function rawResponse({ status, headers, body }: WholeAnswer): string {
  const lines = [`HTTP/1.1 ${status} ${REASON_PHRASES[status] ?? "Error"}`];
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  lines.push(`content-length: ${Buffer.byteLength(body)}`, "connection: close");
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

const REASON_PHRASES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  413: "Payload Too Large",
  431: "Request Header Fields Too Large",
};

/** What Node could not read as a request. Timed-out connections are just closed: nobody waits for an answer there. */
function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const isSilent = error.code === "ERR_HTTP_REQUEST_TIMEOUT" || error.code === "ECONNRESET";
  if (isSilent || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLong = error.code === "HPE_HEADER_OVERFLOW";
  const answer = errorAnswer(
    new ApiError("BadRequest", isTooLong ? "the request headers are too large" : "not an HTTP request"),
  );
  socket.end(rawResponse({ ...answer, status: isTooLong ? 431 : 400 }));
  socketClock.after(REFUSED_LINGER_MS, () => socket.destroy());
}

class SocketOutlet implements Outlet {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on("error", () => response.destroy());
  }

  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  write(chunk: Buffer | string): void {
    if (!this.#response.destroyed) this.#response.write(chunk);
  }

  onReady(callback: () => void): void {
    if (this.#response.writableNeedDrain) this.#response.once("drain", callback);
    else socketClock.after(0, callback);
  }

  onClose(callback: () => void): void {
    this.#response.once("close", callback);
  }

  end(): void {
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
  }
}

async function close(server: Server, handler: Handler, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  handler.endWatches();
  server.closeIdleConnections();
  const timer = socketClock.after(graceMs, () => server.closeAllConnections());
  await closed;
  timer.cancel();
}
