import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { type Answer, NOT_MODIFIED, type Outlet } from "../answer.ts";
import { socketClock } from "../socket-answer.ts";

/** Writes an answer: a whole one at once, a streamed one from now on. */
export function send(stream: ServerHttp2Stream, answer: Answer): void {
  const headers = headersOf(answer);
  if ("stream" in answer) {
    stream.respond(headers);
    answer.stream(new StreamOutlet(stream));
    return;
  }
  const { body, status } = answer;
  if (status !== NOT_MODIFIED)
    headers["content-length"] = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  stream.respond(headers);
  // An answer to HEAD has ended with its headers.
  if (!stream.writableEnded) stream.end(body);
}

function headersOf({ status, headers }: Answer): OutgoingHttpHeaders {
  const outgoing: OutgoingHttpHeaders = { ":status": status };
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    const before = outgoing[name];
    outgoing[name] = before === undefined ? value : [before as string | string[], value].flat();
  }
  return outgoing;
}

class StreamOutlet implements Outlet {
  readonly #stream: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  /** What the client's window has no room for waits in the stream. */
  get isFull(): boolean {
    return this.#stream.writableNeedDrain;
  }

  write(chunk: Buffer | string): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.writableEnded || chunk.length === 0) return;
    stream.write(chunk);
  }

  onReady(callback: () => void): void {
    if (this.isFull) this.#stream.once("drain", callback);
    else socketClock.after(0, callback);
  }

  onClose(callback: () => void): void {
    this.#stream.once("close", callback);
  }

  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    breakOff(this.#stream);
  }
}

/**
 * Resets a stream (INTERNAL_ERROR) and forgets what its client has not read yet. `close` would end the answer first,
 * and clients would take it for whole.
 */
export function breakOff(stream: ServerHttp2Stream): void {
  stream.destroy(new Error("broken off"));
}
