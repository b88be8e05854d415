import { connect, type TLSSocket } from "node:tls";

/** Where a server listens and how to be let in. */
export interface Target {
  readonly port: number;
  readonly ca: string;
  readonly token: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * The thinnest HTTPS client there is, so that a benchmark measures the server: keep-alive sockets, requests written as
 * text, answers cut by Content-Length or by chunks. One request at a time on each connection.
 */
export class RawClient {
  readonly #target: Target;
  readonly #connections: Connection[];

  private constructor(target: Target, connections: Connection[]) {
    this.#target = target;
    this.#connections = connections;
  }

  static async open(target: Target, connectionCount: number): Promise<RawClient> {
    const connections = Array.from({ length: connectionCount }, () => Connection.open(target));
    return new RawClient(target, await Promise.all(connections));
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  get(path: string): Promise<RawAnswer> {
    return (this.#connections[0] as Connection).send(this.#request("GET", path, ""));
  }

  /** Posts all bodies, each connection taking the next one; fails on the first answer that is not 201. */
  async postAll(path: string, bodies: readonly string[]): Promise<void> {
    let next = 0;
    const drain = async (connection: Connection) => {
      while (next < bodies.length) {
        const answer = await connection.send(this.#request("POST", path, bodies[next++] as string));
        if (answer.status !== 201)
          throw new Error(`POST ${path}: ${answer.status} ${answer.body.slice(0, 500)}`);
      }
    };
    await Promise.all(this.#connections.map(drain));
  }

  #request(method: string, path: string, body: string): string {
    const length =
      body === "" ? "" : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    const { port, token } = this.#target;
    const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n`;
    return `${head}${length}\r\n${body}`;
  }
}

class Connection {
  readonly #socket: TLSSocket;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #neededBytes = 0;
  #waiting: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => this.#waiting?.reject(new Error("connection closed")));
  }

  static open(target: Target): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: target.port, ca: target.ca }, () => {
        resolve(new Connection(socket));
      });
      socket.setNoDelay(true);
      socket.once("error", reject);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  send(request: string): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes < this.#neededBytes) return;
    const all = this.#received.length === 1 ? (this.#received[0] as Buffer) : Buffer.concat(this.#received);
    this.#received = [all];
    const headEnd = all.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const head = all.toString("latin1", 0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    this.#neededBytes = headEnd + 4 + (Number.isNaN(length) ? LAST_CHUNK.length : length);
    if (all.length < this.#neededBytes) return;
    if (Number.isNaN(length) && all.indexOf(LAST_CHUNK, -LAST_CHUNK.length) < 0) return;
    const body = Number.isNaN(length) ? joinedChunks(all, headEnd + 4) : all.subarray(headEnd + 4);
    const answer = { status: Number(head.slice(9, 12)), body: body.toString("utf8") };
    this.#received = [];
    this.#receivedBytes = 0;
    this.#neededBytes = 0;
    this.#waiting?.resolve(answer);
  }
}

const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** The body of a chunked answer that is complete; long lists come like that. */
function joinedChunks(bytes: Buffer, start: number): Buffer {
  const parts: Buffer[] = [];
  for (let offset = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", offset);
    const size = Number.parseInt(bytes.toString("latin1", offset, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    offset = lineEnd + 2 + size + 2;
  }
}
