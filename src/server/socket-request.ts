import type { IncomingMessage } from "node:http";
import { ApiError } from "../api/errors.ts";
import type { ApiRequest } from "./request.ts";

/** A request that came in over a socket. */
export class SocketRequest implements ApiRequest {
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

  headersFrom(prefix: string): readonly (readonly [string, string])[] {
    const raw = this.#request.rawHeaders;
    const found: [string, string][] = [];
    for (let index = 0; index < raw.length; index += 2) {
      const name = (raw[index] as string).toLowerCase();
      if (name.startsWith(prefix)) found.push([name, raw[index + 1] as string]);
    }
    return found;
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
      let first: Buffer | undefined;
      let more: Buffer[] | undefined;
      let length = 0;
      const onData = (chunk: Buffer) => {
        length += chunk.length;
        if (length > limitBytes) refuse();
        else if (first === undefined) first = chunk;
        else if (more === undefined) more = [first, chunk];
        else more.push(chunk);
      };
      const refuse = () => {
        this.refused = true;
        request.off("data", onData);
        request.pause();
        reject(tooLarge(limitBytes));
      };
      if (Number(request.headers["content-length"] ?? 0) > limitBytes) {
        refuse();
        return;
      }
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
