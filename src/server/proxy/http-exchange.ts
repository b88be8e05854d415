import type { PortConnection, PortPeer } from "../../api/container-access.ts";
import type { Clock } from "../../clock/clock.ts";

/** A request as it is passed on. */
export interface PassedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly host: string;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** What came back. */
export interface PassedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** Longer answers are broken off. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * One request of HTTP/1.1 over a connection to a port, and its answer. Fails with Error, in the words of Go's client,
 * when what comes back is none or does not come.
 */
export function exchange(
  connect: (peer: PortPeer) => PortConnection,
  request: PassedRequest,
  clock: Clock,
): Promise<PassedAnswer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    let connection: PortConnection | undefined;
    const timer = clock.after(ANSWER_TIMEOUT_MS, () => fail("i/o timeout"));
    const finish = () => {
      timer.cancel();
      connection?.end();
    };
    const fail = (message: string) => {
      finish();
      reject(new Error(message));
    };
    const look = (isClosed: boolean) => {
      const problem = malformed(received);
      if (problem !== undefined) return fail(problem);
      if (received.length > ANSWER_BYTES_MAX) return fail("the answer is too long");
      const answer = readAnswer(received, request.method, isClosed);
      if (answer !== undefined) {
        finish();
        resolve(answer);
      } else if (isClosed) {
        fail("EOF");
      }
    };
    connection = connect({
      receive: (chunk) => {
        received = Buffer.concat([received, chunk]);
        look(false);
      },
      closed: () => look(true),
    });
    connection.send(headOf(request));
    if (request.body.length > 0) connection.send(request.body);
  });
}

function headOf({ method, target, host, contentType, body }: PassedRequest): Buffer {
  const type = contentType === undefined ? "" : `Content-Type: ${contentType.replace(/[\r\n]/g, "")}\r\n`;
  return Buffer.from(
    `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${type}Content-Length: ${body.length}\r\n` +
      "Connection: close\r\n\r\n",
    "latin1",
  );
}

function malformed(received: Buffer): string | undefined {
  const line = received.toString("latin1", 0, 80).split("\r\n", 1)[0] as string;
  if ("HTTP/1.".startsWith(line.slice(0, 7)) || line.startsWith("HTTP/1.")) return undefined;
  return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(line)}`;
}

function readAnswer(received: Buffer, method: string, isClosed: boolean): PassedAnswer | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [line = "", ...headers] = received.toString("latin1", 0, end).split("\r\n");
  const header = (name: string) =>
    headers
      .find((each) => each.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const length = header("content-length");
  const body = received.subarray(end + 4);
  const expected = method === "HEAD" ? 0 : length === undefined ? undefined : Number(length);
  const isWhole = expected === undefined ? isClosed : body.length >= expected;
  if (!isWhole) return undefined;
  return {
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1] ?? 502),
    contentType: header("content-type") ?? "application/octet-stream",
    body: body.subarray(0, expected),
  };
}
