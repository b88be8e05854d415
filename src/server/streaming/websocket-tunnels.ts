import type { RawData, WebSocket } from "ws";
import type { SpdyConnection } from "../spdy/connection.ts";
import { ProcessPipe, SERVER_STOPPED } from "./process-pipe.ts";
import { servePorts } from "./spdy-tunnels.ts";
import type { PortTunnel, ProcessTunnel, Tunnel } from "./tunnel.ts";

/** Sub-protocols by the newest first; a client that offers none of them falls back to SPDY. */
const PROTOCOLS = {
  process: ["v5.channel.k8s.io", "v4.channel.k8s.io"],
  ports: ["SPDY/3.1+portforward.k8s.io", "v4.channel.k8s.io"],
} as const;

const Channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
const NORMAL_CLOSURE = 1_000;

/** The sub-protocol to speak, of those that the client offers. */
export function chooseProtocol(tunnel: Tunnel, offered: readonly string[]): string | undefined {
  return PROTOCOLS[tunnel.kind].find((protocol) => offered.includes(protocol));
}

/** Serves a tunnel over a WebSocket. The result ends it. */
export function serveWebSocket(
  tunnel: Tunnel,
  socket: WebSocket,
  protocol: string,
  onClose: () => void,
): () => void {
  const end = () => socket.close(NORMAL_CLOSURE);
  socket.on("close", onClose);
  socket.on("error", () => socket.terminate());
  if (tunnel.kind === "process") {
    const finish = serveChannels(tunnel, socket);
    return () => finish(SERVER_STOPPED);
  }
  if (!protocol.startsWith("SPDY/")) {
    serveNumberedChannels(tunnel, socket);
    return end;
  }
  const carrier = { write: (bytes: Buffer) => socket.send(bytes), end };
  const connection: SpdyConnection = servePorts(tunnel, carrier, () => {});
  socket.on("message", (data) => connection.push(bytesOf(data)));
  socket.on("close", () => connection.lost());
  return () => connection.close();
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function sendOn(socket: WebSocket, channel: number, bytes: Uint8Array): void {
  if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([channel]), bytes]));
}

/** Exec and attach: the first byte of a message says which stream it is of. The result ends it with a status. */
function serveChannels(tunnel: ProcessTunnel, socket: WebSocket): (status: object) => void {
  const finish = (status: object) => {
    sendOn(socket, Channel.error, Buffer.from(JSON.stringify(status)));
    socket.close(NORMAL_CLOSURE);
  };
  const pipe = new ProcessPipe(tunnel, {
    stdout: (bytes) => sendOn(socket, Channel.stdout, bytes),
    stderr: (bytes) => sendOn(socket, Channel.stderr, bytes),
    finish,
  });
  socket.on("message", (data) => {
    const bytes = bytesOf(data);
    if (bytes[0] === Channel.stdin) pipe.input(bytes.subarray(1));
    else if (bytes[0] === Channel.resize) pipe.resize(bytes.toString("utf8", 1));
    else if (bytes[0] === Channel.close && bytes[1] === Channel.stdin) pipe.endInput();
  });
  socket.on("close", () => pipe.hangUp());
  return finish;
}

/** Port-forward without SPDY: channels 2i (data) and 2i+1 (errors) for the i-th port; each begins with the port. */
function serveNumberedChannels(tunnel: PortTunnel, socket: WebSocket): void {
  const connections = tunnel.ports.map((port, index) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    sendOn(socket, 2 * index, number);
    sendOn(socket, 2 * index + 1, number);
    const peer = {
      receive: (chunk: Uint8Array) => sendOn(socket, 2 * index, chunk),
      closed: () => socket.close(NORMAL_CLOSURE),
    };
    const connection = tunnel.connect(port, peer);
    connection.catch((error: Error) => sendOn(socket, 2 * index + 1, Buffer.from(error.message)));
    return connection;
  });
  const each = (index: number, action: (connection: Awaited<(typeof connections)[0]>) => void) =>
    connections[index]?.then(action, () => {});
  socket.on("message", (data) => {
    const bytes = bytesOf(data);
    const channel = bytes[0] ?? 255;
    if (channel % 2 === 0) void each(channel / 2, (connection) => connection.send(bytes.subarray(1)));
  });
  socket.on("close", () =>
    connections.forEach((_, index) => void each(index, (connection) => connection.end())),
  );
}
