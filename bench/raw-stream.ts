import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import type { Target } from "./raw-client.ts";

/** What an answer is asked for with. */
interface StreamRequest {
  readonly path: string;
  readonly accept?: string;
  /** The server closes the connection after the answer; so its end shows. */
  readonly last?: boolean;
}

/** Opens a connection of its own. Fails as the socket does, e.g. with EMFILE. */
export function openSocket(target: Target): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secureContext = contextOf(target);
    const socket = connect({ host: "127.0.0.1", port: target.port, secureContext }, () => {
      socket.off("error", reject);
      resolve(socket);
    });
    socket.setNoDelay(true);
    socket.once("error", reject);
  });
}

const contexts = new Map<string, SecureContext>();

/** Reading certificates takes longer than a handshake, so thousands of connections share what was read. */
function contextOf({ ca }: Target): SecureContext {
  const context = contexts.get(ca) ?? createSecureContext({ ca });
  contexts.set(ca, context);
  return context;
}

/** Asks on a connection that carries nothing else; whoever calls reads the socket. */
export function ask({ port, token }: Target, socket: TLSSocket, request: StreamRequest): void {
  const { path, accept = "application/json", last = false } = request;
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${token}`,
    `Accept: ${accept}`,
    ...(last ? ["Connection: close"] : []),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
}
