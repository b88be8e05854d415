import type { IncomingMessage } from "node:http";
import type { ApiRequest } from "./request.ts";
import { readWhole } from "./whole-body.ts";

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
    return headersFrom(this.#request.rawHeaders, prefix);
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
    return readWhole(request, request.headers["content-length"], limitBytes, () => {
      this.refused = true;
    });
  }
}

/** Names, in lower case, and values of those of the headers (names and values in turn) whose names begin so. */
export function headersFrom(raw: readonly string[], prefix: string): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    if (name.startsWith(prefix)) found.push([name, raw[index + 1] as string]);
  }
  return found;
}
