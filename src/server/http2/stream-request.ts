import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { REQUEST_TIMEOUT_MS } from "../limits.ts";
import type { ApiRequest } from "../request.ts";
import { socketClock } from "../socket-answer.ts";
import { headersFrom } from "../socket-request.ts";
import { readWhole } from "../whole-body.ts";

/** A request that came in over a stream of HTTP/2. */
export class StreamRequest implements ApiRequest {
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #raw: readonly string[];
  /** True once the body was found to be too long: the rest of it is still to come. */
  refused = false;

  /** `raw` has names and values in turn. */
  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]) {
    this.#stream = stream;
    this.#headers = headers;
    this.#raw = raw;
  }

  get method(): string {
    return this.#headers[":method"] ?? "";
  }

  get target(): string {
    return this.#headers[":path"] ?? "";
  }

  header(name: string): string | undefined {
    if (name === "host") return this.#headers[":authority"] ?? this.#headers.host;
    return this.#headers[name] as string | undefined;
  }

  headersFrom(prefix: string): readonly (readonly [string, string])[] {
    return headersFrom(this.#raw, prefix);
  }

  /** The host may be named by `:authority`, by Host, or by both if they agree. */
  hasOneHost(): boolean {
    const host = this.header("host");
    const raw = this.#raw;
    for (let index = 0; index < raw.length; index += 2) {
      if (raw[index] === "host" && raw[index + 1] !== host) return false;
    }
    return true;
  }

  /** Bytes of the names and values of all headers. */
  get headerBytes(): number {
    let length = 0;
    for (const text of this.#raw) length += text.length;
    return length;
  }

  async readBody(limitBytes: number): Promise<Buffer> {
    const stream = this.#stream;
    if (stream.endAfterHeaders) return EMPTY;
    if (this.#headers.expect === "100-continue" && !stream.closed) {
      stream.additionalHeaders({ ":status": constants.HTTP_STATUS_CONTINUE });
    }
    const tooSlow = socketClock.after(REQUEST_TIMEOUT_MS, () => stream.close(constants.NGHTTP2_CANCEL));
    try {
      return await readWhole(stream, this.#headers["content-length"], limitBytes, () => {
        this.refused = true;
      });
    } finally {
      tooSlow.cancel();
    }
  }
}

const EMPTY = Buffer.alloc(0);
