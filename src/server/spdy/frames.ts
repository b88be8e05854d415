/** Types of SPDY/3 control frames. */
export const FrameType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const FLAG_FIN = 1;

/** A control frame, or a piece of a data frame: data is handed on as it comes, never gathered. */
export type Frame =
  | { readonly kind: "control"; readonly type: number; readonly flags: number; readonly body: Buffer }
  | { readonly kind: "data"; readonly streamId: number; readonly isLast: boolean; readonly bytes: Buffer };

/** The peer does not speak SPDY/3 as it should: the connection is to be closed. */
export class SpdyProtocolError extends Error {}

const HEAD_BYTES = 8;
const VERSION = 3;
/** No client of Kubernetes comes near this with its few headers. */
const CONTROL_BYTES_MAX = 64 * 1024;

/** Cuts what comes over a connection into frames. It keeps at most one control frame. */
export class FrameReader {
  #rest: Buffer = EMPTY;
  /** The data frame that is being received. */
  #data: DataFrame | undefined;

  /** Takes the next bytes and calls back for each frame. Fails with SpdyProtocolError. */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const taken =
        this.#data === undefined ? this.#takeHead(bytes, onFrame) : this.#takeData(bytes, onFrame);
      if (taken === 0) break;
      bytes = bytes.subarray(taken);
    }
    this.#rest = bytes;
  }

  #takeHead(bytes: Buffer, onFrame: (frame: Frame) => void): number {
    if (bytes.length < HEAD_BYTES) return 0;
    const first = bytes.readUInt32BE(0);
    const flags = bytes.readUInt8(4);
    const length = bytes.readUIntBE(5, 3);
    if (first < 0x8000_0000) {
      this.#data = { streamId: first, isFin: (flags & FLAG_FIN) !== 0, left: length };
      if (length === 0) this.#takeData(EMPTY, onFrame);
      return HEAD_BYTES;
    }
    if (((first >>> 16) & 0x7fff) !== VERSION) throw new SpdyProtocolError("not a frame of SPDY version 3");
    if (length > CONTROL_BYTES_MAX) throw new SpdyProtocolError(`a control frame of ${length} bytes`);
    if (bytes.length < HEAD_BYTES + length) return 0;
    const body = bytes.subarray(HEAD_BYTES, HEAD_BYTES + length);
    onFrame({ kind: "control", type: first & 0xffff, flags, body });
    return HEAD_BYTES + length;
  }

  #takeData(available: Buffer, onFrame: (frame: Frame) => void): number {
    const data = this.#data as DataFrame;
    const bytes = available.subarray(0, data.left);
    if (bytes.length === 0 && data.left > 0) return 0;
    data.left -= bytes.length;
    const isLast = data.left === 0 && data.isFin;
    if (data.left === 0) this.#data = undefined;
    if (bytes.length > 0 || isLast) onFrame({ kind: "data", streamId: data.streamId, isLast, bytes });
    return bytes.length;
  }
}

interface DataFrame {
  readonly streamId: number;
  readonly isFin: boolean;
  /** Bytes of it that are still to come. */
  left: number;
}

const EMPTY = Buffer.alloc(0);

/** Makes a control frame. */
export function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

/** Makes the head of a data frame; the bytes follow it. */
export function dataHead(streamId: number, flags: number, length: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(length, 5, 3);
  return head;
}

/** Reads a number of 32 bits. Fails with SpdyProtocolError when the frame is too short for it. */
export function readUint32(body: Buffer, offset: number): number {
  if (body.length < offset + 4) throw new SpdyProtocolError("a control frame that is too short");
  return body.readUInt32BE(offset);
}

/** Makes a body of numbers of 32 bits. */
export function uint32s(...values: readonly number[]): Buffer {
  const body = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    body.writeUInt32BE(value >>> 0, 4 * index);
  });
  return body;
}
