/** How a value stands on the wire. */
export const VARINT = 0;
export const LENGTH_DELIMITED = 2;
const FIXED_64 = 1;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED_32 = 5;

const VARINT_BYTES_MAX = 10;
const GROUPS_MAX = 100;
const HIGH_WORD = 2 ** 32;

/** Bytes that are no protobuf message. The message says why, in the words of Go's decoder. */
export class WireError extends Error {
  constructor(why: string) {
    super(why);
    this.name = "WireError";
  }
}

/** A position in bytes that moves on as values are read. Every method throws WireError for what it cannot read. */
export class WireReader {
  readonly bytes: Buffer;
  at = 0;
  /** The upper 32 bits of the varint that was read last. */
  #high = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** A field's number times 8 plus its wire type. */
  tag(): number {
    const byte = this.bytes[this.at] as number;
    if (byte >= 8 && byte < 0x80) {
      this.at++;
      return byte;
    }
    const low = this.#varint();
    if (this.#high !== 0 || low < 8)
      throw new WireError(`proto: illegal tag ${low >>> 3} (wire type ${low & 7})`);
    return low;
  }

  /** Reads the length of what follows and returns where it ends. */
  end(limit: number): number {
    const length = this.#varint();
    if (this.#high !== 0 || length > limit - this.at) throw new WireError("unexpected EOF");
    return this.at + length;
  }

  bool(): boolean {
    return (this.#varint() | this.#high) !== 0;
  }

  int32(): number {
    return this.#varint() | 0;
  }

  /** Beyond 2^53 the nearest number that a double holds. */
  int64(): number {
    const low = this.#varint();
    return (this.#high | 0) * HIGH_WORD + low;
  }

  /** Moves past the value of a field that nobody knows. */
  moveOn(wireType: number, limit: number): void {
    let groups = 0;
    for (let type = wireType; ; type = this.tag() & 7) {
      if (type === VARINT) this.#varint();
      else if (type === LENGTH_DELIMITED) this.at = this.end(limit);
      else if (type === FIXED_64) this.at += 8;
      else if (type === FIXED_32) this.at += 4;
      else if (type === START_GROUP) groups++;
      else if (type === END_GROUP) groups--;
      else throw new WireError(`proto: illegal wireType ${type}`);
      if (groups < 0 || groups > GROUPS_MAX) throw new WireError("proto: unexpected end of group");
      if (this.at > limit) throw new WireError("unexpected EOF");
      if (groups === 0) return;
    }
  }

  /** The lower 32 bits of a varint, unsigned; `#high` has the others. What lies beyond 64 bits is cut off. */
  #varint(): number {
    const { bytes } = this;
    this.#high = 0;
    let low = 0;
    for (let count = 0; count < VARINT_BYTES_MAX; count++) {
      const byte = bytes[this.at++];
      if (byte === undefined) throw new WireError("unexpected EOF");
      const bits = byte & 0x7f;
      if (count < 4) low |= bits << (7 * count);
      else if (count === 4) {
        low |= bits << 28;
        this.#high = bits >>> 4;
      } else this.#high |= bits << (7 * count - 32);
      if (byte < 0x80) {
        this.#high >>>= 0;
        return low >>> 0;
      }
    }
    throw new WireError("proto: integer overflow");
  }
}
