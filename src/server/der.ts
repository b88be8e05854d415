/** Distinguished Encoding Rules of ASN.1 (X.690), as far as a certificate needs them. */

const SEQUENCE = 0x30;
const SET = 0x31;
const SHORT_LENGTH = 0x80;

/** One element: its tag, the length of its content, the content. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(content.length), content]);
}

/** Elements in their order. */
export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(SEQUENCE, ...contents);
}

/** One element of a set; certificates have no sets of several. */
export function set(...contents: readonly Uint8Array[]): Buffer {
  return element(SET, ...contents);
}

/** A whole number of any length, given as the bytes of its amount (it is never negative). */
export function integer(bytes: Uint8Array): Buffer {
  const isNegative = ((bytes[0] as number) & 0x80) !== 0;
  return element(0x02, ...(isNegative ? [Buffer.from([0])] : []), bytes);
}

/** DER's one way to say true. */
export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

/** Bytes, often those of another element. */
export function octetString(...contents: readonly Uint8Array[]): Buffer {
  return element(0x04, ...contents);
}

/** Bits from the first on; the last `unusedBits` of the last byte do not count. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.from([unusedBits]), bytes);
}

/** Text. */
export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text, "utf8"));
}

/** `1.2.840.10045.4.3.2`. */
export function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A point in time, in ms since the epoch, as RFC 5280 wants it: with two digits of the year until 2049. */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\.\d+Z$|[-:T]/g, "");
  const isShort = digits < "2050";
  return element(isShort ? 0x17 : 0x18, Buffer.from(`${isShort ? digits.slice(2) : digits}Z`, "latin1"));
}

function lengthBytes(length: number): Buffer {
  if (length < SHORT_LENGTH) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([SHORT_LENGTH | bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest % 128) | 0x80);
  }
  return bytes;
}
