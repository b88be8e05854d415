import { sha1 } from "../../../lib/sha1.ts";

/** What RFC 6455 has a server append to the client's key. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Longer messages end the connection: 1009, message too big. */
const MESSAGE_BYTES_MAX = 1024 * 1024;

const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const TOO_BIG = 1_009;

/** Header value that proves that the server speaks WebSocket. */
export function acceptKey(key: string): string {
  return Buffer.from(sha1(Buffer.from(key + GUID))).toString("base64");
}

/** The server's side of a WebSocket that sends every message back as it came. */
export class WebSocketEcho {
  readonly #send: (bytes: Buffer) => void;
  readonly #close: () => void;
  #rest: Buffer = Buffer.alloc(0);

  /** @param close called when the client, or an error of its, has ended the conversation */
  constructor(send: (bytes: Buffer) => void, close: () => void) {
    this.#send = send;
    this.#close = close;
  }

  push(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let length = this.#take(); length > 0; length = this.#take()) {
      this.#rest = this.#rest.subarray(length);
    }
  }

  /** Answers the first frame if it is whole. @returns its length, or 0 */
  #take(): number {
    const frame = readFrame(this.#rest);
    if (frame === undefined) return 0;
    if (frame.payload === undefined) {
      this.#end(Buffer.from([TOO_BIG >> 8, TOO_BIG & 0xff]));
      return 0;
    }
    const { opcode, payload, isLast } = frame;
    if (opcode === CLOSE) {
      this.#end(payload.subarray(0, 2));
      return 0;
    }
    if (opcode !== PONG) this.#send(frameOf(opcode === PING ? PONG : opcode, payload, isLast));
    return frame.length;
  }

  #end(reason: Buffer): void {
    this.#rest = Buffer.alloc(0);
    this.#send(frameOf(CLOSE, reason, true));
    this.#close();
  }
}

interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  /** Bytes that it takes with its head. */
  readonly length: number;
  /** Undefined when it is too long. */
  readonly payload: Buffer | undefined;
}

/** The frame that the bytes begin with; undefined while it is not whole. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const size =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const about = { opcode: first & 0x0f, isLast: (first & 0x80) !== 0 };
  if (size > MESSAGE_BYTES_MAX) return { ...about, length: 0, payload: undefined };
  const isMasked = (second & 0x80) !== 0;
  const from = start + (isMasked ? 4 : 0);
  if (bytes.length < from + size) return undefined;
  const payload = Buffer.from(bytes.subarray(from, from + size));
  if (isMasked) {
    for (let index = 0; index < size; index++) {
      payload[index] = (payload[index] as number) ^ (bytes[start + (index % 4)] as number);
    }
  }
  return { ...about, length: from + size, payload };
}

/** What a server sends is not masked. */
function frameOf(opcode: number, payload: Buffer, isLast: boolean): Buffer {
  const size = payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = (isLast ? 0x80 : 0) | opcode;
  head[1] = size < 126 ? size : size < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(size, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, payload]);
}
