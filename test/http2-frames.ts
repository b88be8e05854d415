import { connect, type TLSSocket } from "node:tls";
import { TOKEN } from "./in-memory-server.ts";

/** Types of frames (RFC 9113, section 6). */
export const Frame = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const END_STREAM = 0x1;
export const END_HEADERS = 0x4;

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** A frame with any payload, whether it may have it or not. */
export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** A header block of literals that are not indexed (RFC 7541, section 6.2.2). */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).flatMap(([name, value]) => [
    Buffer.from([0]),
    literal(name),
    literal(value),
  ]);
  return Buffer.concat(parts);
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  const length: number[] = [];
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let rest = bytes.length - 127;
    for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
    length.push(rest);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}

/** The head of a request of the cluster's own user. */
export function rawHead(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const pseudo = { ":method": method, ":path": path, ":scheme": "https", ":authority": "localhost" };
  return { ...pseudo, authorization: `Bearer ${TOKEN}`, ...headers };
}

/** 32 bits, as windows, error codes and stream ids are sent. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A connection of HTTP/2 whose client may send whatever it likes. */
export interface RawConnection {
  readonly socket: TLSSocket;
  /** Types of the frames that came, while it reads. */
  readonly received: number[];
  readonly closed: Promise<void>;
}

/** Connects, and says hello unless told otherwise. */
export async function openRaw(port: number, ca: string, hello = true): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1", ca, ALPNProtocols: ["h2"] });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  socket.on("error", () => {});
  const received: number[] = [];
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      received.push(rest[3] as number);
      rest = rest.subarray(9 + rest.readUIntBE(0, 3));
    }
  });
  if (hello) socket.write(Buffer.concat([PREFACE, frame(Frame.settings, 0, 0)]));
  return { socket, received, closed };
}
