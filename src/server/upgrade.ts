import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { ApiError, badRequest } from "../api/errors.ts";
import { errorAnswer, type WholeAnswer } from "./answer.ts";
import type { Handler } from "./handler.ts";
import { type Relay, serveRelay } from "./proxy/relay.ts";
import { PROXIED } from "./route.ts";
import { refuse } from "./socket-answer.ts";
import { SocketRequest } from "./socket-request.ts";
import { type ServedConnection, servePorts, serveProcess } from "./streaming/spdy-tunnels.ts";
import type { Tunnel } from "./streaming/tunnel.ts";
import { chooseProtocol, serveWebSocket } from "./streaming/websocket-tunnels.ts";

/** What waits for a client that does not read; one that leaves more is cut off. */
const BACKLOG_BYTES_MAX = 256 * 1024 * 1024;
const MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

/** A tunnel that has been let in. The connection says when it is over, and is told when it must be. */
export interface OpenTunnel {
  readonly tunnel: Tunnel | Relay;
  /** To be called once, with what ends the connection; the result is to be called when it has ended. */
  enter(end: () => void): () => void;
}

/** True for what is answered here; other upgrades (h2c) are offers that a server may ignore. */
export function isTunnelUpgrade({ headers, url = "" }: IncomingMessage): boolean {
  const protocol = headers.upgrade?.toLowerCase();
  const isKnown = protocol === "websocket" || protocol === "spdy/3.1";
  if (PROXIED.test(url.split("?", 1)[0] as string)) return protocol !== undefined;
  return isKnown && /\/(exec|attach|portforward)(\?|$)/.test(url);
}

/** Answers a request to upgrade: with a tunnel, or with what speaks against it. */
export async function upgrade(
  handler: Handler,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  // Nothing may be read before the tunnel is there to take it.
  socket.removeAllListeners("data");
  socket.pause();
  socket.on("error", () => socket.destroy());
  const incoming = new SocketRequest(request);
  const admitted = await handler.upgrade(incoming);
  if (socket.destroyed) return;
  if (!("tunnel" in admitted)) return refuse(socket, admitted);
  const { tunnel, enter } = admitted;
  if (tunnel.kind === "relay") {
    relay(tunnel, enter, request, socket, head);
    return;
  }
  if (request.headers.upgrade?.toLowerCase() === "websocket") {
    await acceptWebSocket({ tunnel, enter }, request, socket, head);
  } else {
    acceptSpdy({ tunnel, enter }, request, socket, head);
  }
}

/** What has been let in, and is spoken here. */
type SpokenTunnel = OpenTunnel & { readonly tunnel: Tunnel };

function relay(
  to: Relay,
  enter: OpenTunnel["enter"],
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  try {
    const leave = enter(serveRelay(to, request.method ?? "GET", request.rawHeaders, socket, head));
    socket.on("close", leave);
    cutOffWhenBehind(socket);
    socket.resume();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuse(socket, errorAnswer(error));
  }
}

async function acceptWebSocket(
  admitted: SpokenTunnel,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  const offered = listed(request.headers["sec-websocket-protocol"]);
  const protocol = chooseProtocol(admitted.tunnel, offered);
  if (protocol === undefined) return refuse(socket, noProtocol(offered));
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
  });
  // `SPDY/3.1+portforward.k8s.io` is no token, and ws refuses it; so it does not get to see the header.
  delete request.headers["sec-websocket-protocol"];
  server.on("headers", (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  server.handleUpgrade(request, socket, head, (client) => {
    let leave = () => {};
    const end = serveWebSocket(admitted.tunnel, client, protocol, () => leave());
    leave = admitted.enter(end);
    cutOffWhenBehind(socket);
    socket.resume();
  });
}

function acceptSpdy(
  { tunnel, enter }: SpokenTunnel,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const offered = listed(request.headers["x-stream-protocol-version"]);
  const protocol = SPDY_PROTOCOLS[tunnel.kind];
  if (!offered.includes(protocol)) {
    refuse(socket, noProtocol(offered));
    return;
  }
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n" +
      `X-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  const carrier = {
    write: (bytes: Buffer) => void (socket.writable && socket.write(bytes)),
    end: () => void socket.end(),
  };
  let leave = () => {};
  const onClose = () => leave();
  const { connection, end } =
    tunnel.kind === "process" ? serveProcess(tunnel, carrier, onClose) : portsOf(tunnel, carrier, onClose);
  leave = enter(end);
  socket.on("data", (chunk: Buffer) => connection.push(chunk));
  socket.on("close", () => connection.lost());
  // A client that half-closes has nothing more to say, but may still listen; SPDY says goodbye in frames.
  socket.on("end", () => socket.end());
  cutOffWhenBehind(socket);
  if (head.length > 0) connection.push(head);
  socket.resume();
}

function portsOf(...[tunnel, ...rest]: Parameters<typeof servePorts>): ServedConnection {
  const connection = servePorts(tunnel, ...rest);
  return { connection, end: () => connection.close() };
}

const SPDY_PROTOCOLS = { process: "v4.channel.k8s.io", ports: "portforward.k8s.io" } as const;

function listed(header: string | readonly string[] | undefined): string[] {
  const text = typeof header === "string" ? header : (header ?? []).join(",");
  return text.split(",").map((each) => each.trim());
}

function noProtocol(offered: readonly string[]): WholeAnswer {
  return errorAnswer(badRequest(`unable to upgrade: no protocol of ${JSON.stringify(offered)} is supported`));
}

/** Processes cannot be told to wait, so what they print waits here; up to a limit. */
function cutOffWhenBehind(socket: Socket): void {
  const write = socket.write.bind(socket);
  socket.write = ((...args: Parameters<typeof write>) => {
    if (socket.writableLength > BACKLOG_BYTES_MAX) {
      socket.destroy();
      return false;
    }
    return write(...args);
  }) as typeof socket.write;
}
