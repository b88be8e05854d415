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
 * text. A connection may have several requests under way (HTTP/1.1 pipelining, which kubesim's own client uses too).
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

  async get(path: string): Promise<RawAnswer> {
    const [answer] = await (this.#connections[0] as Connection).send([this.#request("GET", path, "")]);
    return answer as RawAnswer;
  }

  /**
   * Posts all bodies, each connection taking the next `depth` of them whenever its last ones are answered; fails on
   * the first answer that is not 201.
   */
  async postAll(path: string, bodies: readonly string[], depth = 1): Promise<void> {
    await this.#sendAll(
      bodies.map((body) => this.#request("POST", path, body)),
      201,
      depth,
    );
  }

  /** Gets every path, each connection one at a time; fails on the first answer that is not 200. */
  async getAll(paths: readonly string[]): Promise<void> {
    await this.#sendAll(
      paths.map((path) => this.#request("GET", path, "")),
      200,
      1,
    );
  }

  /** Applies every body to its path on the server's side; fails on the first answer of another status. */
  async applyAll(
    paths: readonly string[],
    bodies: readonly string[],
    status: number,
    depth = 1,
  ): Promise<void> {
    const type = "application/apply-patch+yaml";
    await this.#sendAll(
      paths.map((path, index) => this.#request("PATCH", path, bodies[index] as string, type)),
      status,
      depth,
    );
  }

  async #sendAll(requests: readonly string[], status: number, depth: number): Promise<void> {
    let next = 0;
    const drain = async (connection: Connection) => {
      while (next < requests.length) {
        const batch = requests.slice(next, next + depth);
        next += batch.length;
        const answers = await connection.send(batch);
        const refused = answers.find((answer) => answer.status !== status);
        if (refused)
          throw new Error(`${batch[0]?.slice(0, 80)}: ${refused.status} ${refused.body.slice(0, 500)}`);
      }
    };
    await Promise.all(this.#connections.map(drain));
  }

  #request(method: string, path: string, body: string, type = "application/json"): string {
    const length =
      body === "" ? "" : `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    const { port, token } = this.#target;
    const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n`;
    return `${head}${length}\r\n${body}`;
  }
}

interface Waiting {
  readonly count: number;
  readonly resolve: (answers: readonly RawAnswer[]) => void;
  readonly reject: (error: Error) => void;
}

class Connection {
  readonly #socket: TLSSocket;
  #received: Buffer[] = [];
  #answers: RawAnswer[] = [];
  #waiting: Waiting | undefined;

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

  /** Sends requests in one write and resolves with all their answers, in order. */
  send(requests: readonly string[]): Promise<readonly RawAnswer[]> {
    return new Promise((resolve, reject) => {
      this.#waiting = { count: requests.length, resolve, reject };
      this.#socket.write(requests.join(""));
    });
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    // A long list comes in many pieces; they are joined when its last one may have come.
    if (this.#received.length > 1 && chunk.length === LARGEST_PIECE) return;
    let rest = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    for (let cut = firstAnswer(rest); cut !== undefined; cut = firstAnswer(rest)) {
      this.#answers.push(cut.answer);
      rest = rest.subarray(cut.end);
    }
    this.#received = rest.length === 0 ? [] : [rest];
    if (this.#answers.length < (this.#waiting?.count ?? 0)) return;
    const answers = this.#answers;
    this.#answers = [];
    this.#waiting?.resolve(answers);
  }
}

const LARGEST_PIECE = 16_384;
const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** The first whole answer among the bytes and where it ends. */
function firstAnswer(bytes: Buffer): { readonly answer: RawAnswer; readonly end: number } | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const status = Number(head.slice(9, 12));
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(length)) {
    if (bytes.indexOf(LAST_CHUNK, bytes.length - LAST_CHUNK.length) < 0) return undefined;
    return { answer: { status, body: joinedChunks(bytes, headEnd + 4).toString("utf8") }, end: bytes.length };
  }
  const end = headEnd + 4 + length;
  if (bytes.length < end) return undefined;
  return { answer: { status, body: bytes.toString("utf8", headEnd + 4, end) }, end };
}

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
