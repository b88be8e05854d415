import {
  controlFrame,
  dataHead,
  FLAG_FIN,
  type Frame,
  FrameReader,
  FrameType,
  readUint32,
  SpdyProtocolError,
  uint32s,
} from "./frames.ts";
import { EmptyHeaderWriter, HeaderReader, type Headers } from "./header-block.ts";

/** What carries the frames: a socket, or the messages of a WebSocket. */
export interface FrameCarrier {
  write(bytes: Buffer): void;
  /** Ends it after what was written. */
  end(): void;
}

/** A stream that the client has opened. */
export interface SpdyStream {
  readonly headers: Headers;
  write(bytes: Uint8Array): void;
  /** Half-closes: nothing more will be written. */
  end(): void;
  reset(): void;
  /** Set by whoever takes the stream, within the call that hands it over. */
  onData: (bytes: Buffer) => void;
  /** The client has half-closed, or broken the stream off. */
  onEnd: () => void;
}

/** Streams of one connection at a time; port-forward opens two for each connection of its own. */
const STREAMS_MAX = 512;
/** Frames that wait for a header block before them; far more than a client that is answered ever sends. */
const WAITING_MAX = 4_096;
const STATUS_REFUSED_STREAM = 3;
const STATUS_CANCEL = 5;

/** The server's end of a SPDY/3.1 connection. */
export class SpdyConnection {
  readonly #carrier: FrameCarrier;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #onClose: () => void;
  readonly #frames = new FrameReader();
  readonly #headers = new HeaderReader();
  readonly #replies = new EmptyHeaderWriter();
  readonly #streams = new Map<number, Stream>();
  readonly #waiting: Frame[] = [];
  #isReadingHeaders = false;
  #isClosed = false;
  #lastStreamId = 0;

  constructor(carrier: FrameCarrier, onStream: (stream: SpdyStream) => void, onClose: () => void) {
    this.#carrier = carrier;
    this.#onStream = onStream;
    this.#onClose = onClose;
  }

  /** Takes what has come over the carrier. Whatever is no SPDY closes the connection. */
  push(chunk: Buffer): void {
    if (this.#isClosed) return;
    try {
      this.#frames.push(chunk, (frame) => {
        if (this.#waiting.length >= WAITING_MAX) throw new SpdyProtocolError("too many frames at once");
        this.#waiting.push(frame);
      });
      this.#work();
    } catch (error) {
      this.#broken(error);
    }
  }

  /** Says goodbye and ends the carrier. */
  close(): void {
    if (this.#isClosed) return;
    this.#carrier.write(controlFrame(FrameType.goAway, 0, uint32s(this.#lastStreamId, 0)));
    this.lost();
    this.#carrier.end();
  }

  /** The carrier is gone. */
  lost(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#headers.close();
    for (const stream of [...this.#streams.values()]) stream.onEnd();
    this.#streams.clear();
    this.#onClose();
  }

  #broken(error: unknown): void {
    if (!(error instanceof SpdyProtocolError)) throw error;
    this.close();
  }

  /** Frames are handled in order; a header block takes a turn of the event loop, and what follows waits for it. */
  #work(): void {
    while (!this.#isReadingHeaders && !this.#isClosed) {
      const frame = this.#waiting.shift();
      if (frame === undefined) return;
      if (frame.kind === "data") this.#onData(frame);
      else this.#onControl(frame);
    }
  }

  #onData({ streamId, bytes, isLast }: Extract<Frame, { kind: "data" }>): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    if (bytes.length > 0) {
      stream.onData(bytes);
      for (const id of [streamId, 0]) {
        this.#write(controlFrame(FrameType.windowUpdate, 0, uint32s(id, bytes.length)));
      }
    }
    if (isLast) this.#remoteEnd(streamId, stream);
  }

  #onControl({ type, flags, body }: Extract<Frame, { kind: "control" }>): void {
    if (type === FrameType.synStream) {
      const id = readUint32(body, 0);
      this.#unfold(body.subarray(10), (headers) => this.#open(id, flags, headers));
    } else if (type === FrameType.headers) {
      this.#unfold(body.subarray(4), () => {});
    } else if (type === FrameType.synReply) {
      throw new SpdyProtocolError("a reply to nothing");
    } else if (type === FrameType.rstStream) {
      this.#reset(readUint32(body, 0));
    } else if (type === FrameType.ping && readUint32(body, 0) % 2 === 1) {
      // Even numbers are answers to a server's pings.
      this.#write(controlFrame(FrameType.ping, 0, body));
    } else if (type === FrameType.goAway) {
      this.close();
    }
  }

  #unfold(block: Buffer, then: (headers: Headers) => void): void {
    this.#isReadingHeaders = true;
    this.#headers
      .read(block)
      .then((headers) => {
        this.#isReadingHeaders = false;
        if (this.#isClosed) return;
        then(headers);
        this.#work();
      })
      .catch((error: unknown) => this.#broken(error));
  }

  #open(id: number, flags: number, headers: Headers): void {
    if (id % 2 === 0 || id <= this.#lastStreamId) throw new SpdyProtocolError(`stream ${id} out of order`);
    this.#lastStreamId = id;
    if (this.#streams.size >= STREAMS_MAX) {
      this.#write(controlFrame(FrameType.rstStream, 0, uint32s(id, STATUS_REFUSED_STREAM)));
      return;
    }
    const stream = new Stream(
      id,
      headers,
      (bytes) => this.#write(bytes),
      () => this.#streams.delete(id),
    );
    this.#streams.set(id, stream);
    this.#write(controlFrame(FrameType.synReply, 0, Buffer.concat([uint32s(id), this.#replies.next()])));
    this.#onStream(stream);
    if ((flags & FLAG_FIN) !== 0) this.#remoteEnd(id, stream);
  }

  #remoteEnd(id: number, stream: Stream): void {
    stream.isRemoteEnded = true;
    if (stream.isLocalEnded) this.#streams.delete(id);
    stream.onEnd();
  }

  #reset(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#streams.delete(id);
    stream.isLocalEnded = true;
    stream.onEnd();
  }

  #write(bytes: Buffer): void {
    if (!this.#isClosed) this.#carrier.write(bytes);
  }
}

/** Data is sent in frames of at most this many bytes. */
const DATA_BYTES_MAX = 32 * 1024;

class Stream implements SpdyStream {
  readonly headers: Headers;
  isLocalEnded = false;
  isRemoteEnded = false;
  onData: (bytes: Buffer) => void = () => {};
  onEnd: () => void = () => {};
  readonly #id: number;
  readonly #send: (bytes: Buffer) => void;
  readonly #forget: () => void;

  constructor(id: number, headers: Headers, send: (bytes: Buffer) => void, forget: () => void) {
    this.#id = id;
    this.headers = headers;
    this.#send = send;
    this.#forget = forget;
  }

  write(bytes: Uint8Array): void {
    if (this.isLocalEnded) return;
    for (let start = 0; start < bytes.length; start += DATA_BYTES_MAX) {
      const piece = bytes.subarray(start, start + DATA_BYTES_MAX);
      this.#send(Buffer.concat([dataHead(this.#id, 0, piece.length), piece]));
    }
  }

  end(): void {
    if (this.isLocalEnded) return;
    this.isLocalEnded = true;
    this.#send(dataHead(this.#id, FLAG_FIN, 0));
    if (this.isRemoteEnded) this.#forget();
  }

  reset(): void {
    if (this.isLocalEnded) return;
    this.isLocalEnded = true;
    this.#send(controlFrame(FrameType.rstStream, 0, uint32s(this.#id, STATUS_CANCEL)));
    this.#forget();
  }
}
