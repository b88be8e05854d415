import { constants, createInflate, type Inflate } from "node:zlib";
import { SPDY_DICTIONARY, SPDY_DICTIONARY_ID } from "./dictionary.ts";
import { readUint32, SpdyProtocolError } from "./frames.ts";

export type Headers = ReadonlyMap<string, string>;

/** A header block must not unfold to more than this. */
const UNFOLDED_BYTES_MAX = 32 * 1024;

/** Reads the header blocks of one direction of a connection, which share one compressed stream. */
export class HeaderReader {
  readonly #inflate: Inflate;
  #chunks: Buffer[] = [];
  #length = 0;
  #fail: ((error: Error) => void) | undefined;

  constructor() {
    this.#inflate = createInflate({
      dictionary: SPDY_DICTIONARY,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: 4_096,
    });
    this.#inflate.on("data", (chunk: Buffer) => {
      this.#length += chunk.length;
      if (this.#length <= UNFOLDED_BYTES_MAX) this.#chunks.push(chunk);
      else this.#inflate.destroy(new SpdyProtocolError("a header block that unfolds without end"));
    });
    this.#inflate.on("error", (error) => this.#fail?.(error));
  }

  /** Unfolds the next block; blocks must be given in order, one at a time. Fails with SpdyProtocolError. */
  read(block: Buffer): Promise<Headers> {
    return new Promise((resolve, reject) => {
      this.#fail = () => reject(new SpdyProtocolError("a header block that cannot be read"));
      if (this.#inflate.destroyed) return this.#fail(new Error("closed"));
      this.#chunks = [];
      this.#length = 0;
      this.#inflate.write(block, () => {
        this.#inflate.flush(constants.Z_SYNC_FLUSH, () => {
          try {
            resolve(parse(Buffer.concat(this.#chunks)));
          } catch (error) {
            reject(error);
          }
        });
      });
    });
  }

  close(): void {
    this.#inflate.destroy();
  }
}

/** Count, then names and values, each after its length. */
function parse(bytes: Buffer): Headers {
  const headers = new Map<string, string>();
  const count = readUint32(bytes, 0);
  let offset = 4;
  const text = () => {
    const length = readUint32(bytes, offset);
    const start = offset + 4;
    offset = start + length;
    if (offset > bytes.length) throw new SpdyProtocolError("a header block that ends too early");
    return bytes.toString("latin1", start, offset);
  };
  for (let index = 0; index < count; index++) headers.set(text().toLowerCase(), text());
  return headers;
}

/**
 * A header block without headers, as a stored deflate block: final bit 0, length 4 and its complement, count 0. Then an
 * empty one, as of a flush: Go's reader holds back what it has read until it sees that.
 */
const EMPTY_BLOCK = Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
/** A zlib stream that begins with a dictionary: method and window, flags, the dictionary's checksum. */
const ZLIB_HEAD = Buffer.from([0x78, 0xbb, 0, 0, 0, 0]);
ZLIB_HEAD.writeUInt32BE(SPDY_DICTIONARY_ID, 2);

/** Writes the header blocks of one direction: kubesim's replies carry no headers, so they need no compressor. */
export class EmptyHeaderWriter {
  #isFirst = true;

  next(): Buffer {
    const block = this.#isFirst ? Buffer.concat([ZLIB_HEAD, EMPTY_BLOCK]) : EMPTY_BLOCK;
    this.#isFirst = false;
    return block;
  }
}
