import type { Socket } from "node:net";
import type { PortConnection } from "../../api/container-access.ts";
import type { VerbContext } from "../verbs/context.ts";
import { type ProxiedPort, proxiedPort } from "./proxied-port.ts";

/** A connection to a port of a pod that is passed on as it is, whatever it is upgraded to. */
export interface Relay extends ProxiedPort {
  readonly kind: "relay";
  /** Path and query. */
  readonly target: string;
}

/** Finds what a request to upgrade leads to. Fails with NotFound, BadRequest and ServiceUnavailable. */
export async function prepareRelay(context: VerbContext, name: string, rest: string): Promise<Relay> {
  const query = context.request.target.split("?", 2)[1];
  const target = `${rest || "/"}${query === undefined ? "" : `?${query}`}`;
  return { kind: "relay", target, ...(await proxiedPort(context, name)) };
}

/** Headers that are about the way to the API server. */
const OWN_HEADERS = new Set(["authorization", "host"]);

/**
 * Passes the request on, and then what both sides say, until one of them ends. Fails with ServiceUnavailable.
 * @param rawHeaders names and values in turn
 * @param head what has been read behind the request
 * @returns ends it
 */
export function serveRelay(
  relay: Relay,
  method: string,
  rawHeaders: readonly string[],
  socket: Socket,
  head: Buffer,
): () => void {
  const connection: PortConnection = relay.connect({
    receive: (chunk) => void (socket.writable && socket.write(chunk)),
    closed: () => void socket.end(),
  });
  connection.send(headOf(relay, method, rawHeaders));
  if (head.length > 0) connection.send(head);
  socket.on("data", (chunk: Buffer) => connection.send(chunk));
  socket.on("end", () => connection.end());
  socket.on("close", () => connection.end());
  return () => connection.end();
}

function headOf({ target, host }: Relay, method: string, rawHeaders: readonly string[]): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (!OWN_HEADERS.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
