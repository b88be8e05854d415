import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import type { Target } from "./raw-client.ts";

/** As many as the server allows on one connection. */
const STREAMS_PER_CONNECTION = 100;

/** A client that speaks HTTP/2, with as many requests under way on each connection as there may be. */
export class Http2Client {
  readonly #target: Target;
  readonly #sessions: ClientHttp2Session[] = [];
  #streams = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Posts all bodies, so many at a time on one connection; fails on the first answer that is not 201. */
  async postAll(path: string, bodies: readonly string[], parallel: number): Promise<void> {
    await this.#all(bodies, parallel, (body) => this.#request("POST", path, body, 201));
  }

  /** Gets every path, so many at a time on one connection; fails on the first answer that is not 200. */
  async getAll(paths: readonly string[], parallel: number): Promise<void> {
    await this.#all(paths, parallel, (path) => this.#request("GET", path, "", 200));
  }

  /** Opens a stream that stays, on a further connection when the others carry all that they may. Fails if refused. */
  async watch(path: string, onData: (chunk: Buffer) => void): Promise<void> {
    const session = this.#sessions[Math.floor(this.#streams++ / STREAMS_PER_CONNECTION)] ?? this.#connect();
    const stream = this.#open(session, "GET", path, "");
    await new Promise<void>((resolve, reject) => {
      stream.on("data", onData);
      stream.on("error", reject);
      stream.on("close", () => reject(new Error("stream closed")));
      stream.on("response", (headers) => {
        if (headers[":status"] === 200) resolve();
        else reject(new Error(`status ${headers[":status"]}`));
      });
    });
  }

  close(): void {
    for (const session of this.#sessions) session.destroy();
  }

  async #all(
    each: readonly string[],
    parallel: number,
    send: (each: string) => Promise<void>,
  ): Promise<void> {
    let next = 0;
    const drain = async () => {
      while (next < each.length) await send(each[next++] as string);
    };
    await Promise.all(Array.from({ length: parallel }, drain));
  }

  #request(method: string, path: string, body: string, wanted: number): Promise<void> {
    const stream = this.#open(this.#sessions[0] ?? this.#connect(), method, path, body);
    return new Promise((resolve, reject) => {
      let status = 0;
      let text = "";
      stream.on("response", (headers) => {
        status = headers[":status"] as number;
      });
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on("end", () => {
        if (status === wanted) resolve();
        else reject(new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`));
      });
      stream.on("error", reject);
    });
  }

  #connect(): ClientHttp2Session {
    const { port, ca } = this.#target;
    const session = connect(`https://127.0.0.1:${port}`, { ca });
    session.on("error", () => {});
    this.#sessions.push(session);
    return session;
  }

  #open(session: ClientHttp2Session, method: string, path: string, body: string): ClientHttp2Stream {
    const headers = {
      ":method": method,
      ":path": path,
      authorization: `Bearer ${this.#target.token}`,
      accept: "application/json",
    };
    if (body === "") return session.request(headers);
    const length = Buffer.byteLength(body);
    return session
      .request({ ...headers, "content-type": "application/json", "content-length": length })
      .end(body);
  }
}
