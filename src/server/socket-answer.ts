import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ApiError } from "../api/errors.ts";
import { RealClock } from "../clock/real.ts";
import { type Answer, errorAnswer, NOT_MODIFIED, type Outlet, type WholeAnswer } from "./answer.ts";

/** Sockets live in real time, whatever clock the cluster runs on. */
export const socketClock = new RealClock();

export const TWO_HOSTS = errorAnswer(
  new ApiError("BadRequest", "the request must have exactly one Host header"),
);

export const HEADERS_TOO_LARGE: WholeAnswer = {
  ...errorAnswer(new ApiError("BadRequest", "the request headers are too large")),
  status: 431,
};

/** How long a refused upload is left open, unread, so that its client sees the answer before the connection breaks. */
const REFUSED_LINGER_MS = 500;

/** Writes an answer: a whole one in one write, a streamed one from now on. */
export function send(response: ServerResponse, answer: Answer): void {
  if ("stream" in answer) {
    response.writeHead(answer.status, answer.headers as string[]);
    response.flushHeaders();
    answer.stream(new SocketOutlet(response));
    return;
  }
  const { status, headers, body } = answer;
  if (status === NOT_MODIFIED) {
    response.writeHead(status, headers as string[]).end();
    return;
  }
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, [...headers, "content-length", String(length)]);
  response.end(body);
}

/**
 * Answers in the middle of an upload. Written to the socket itself, as ServerResponse would go on reading the body;
 * the connection is broken a little later, when the client has had time to see the answer.
 */
export function refuse(socket: Socket, answer: WholeAnswer): void {
  socket.end(rawResponse(answer));
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

/** Chunks as they go over the wire, so that one event is framed once for all of its watchers. */
const frames = new WeakMap<Buffer, Buffer>();

function frameOf(chunk: Buffer): Buffer {
  let frame = frames.get(chunk);
  if (frame === undefined) {
    frame = Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, LINE_END]);
    frames.set(chunk, frame);
  }
  return frame;
}

const LINE_END = Buffer.from("\r\n");

class SocketOutlet implements Outlet {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on("error", () => response.destroy());
  }

  get isFull(): boolean {
    return (this.#response.socket ?? this.#response).writableNeedDrain;
  }

  /**
   * Writes past the response, which would send the length, the chunk and two line ends as four writes; but through
   * it while it waits behind an earlier answer of its connection, and for clients that do not know chunks.
   */
  write(chunk: Buffer | string): void {
    const response = this.#response;
    if (response.destroyed || chunk.length === 0) return;
    if (response.socket === null || !response.chunkedEncoding) response.write(chunk);
    else response.socket.write(frameOf(typeof chunk === "string" ? Buffer.from(chunk) : chunk));
  }

  onReady(callback: () => void): void {
    if (this.isFull) (this.#response.socket ?? this.#response).once("drain", callback);
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
