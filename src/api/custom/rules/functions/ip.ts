import { FORMATS } from "../../formats.ts";

/** An address as rules see it: four or sixteen bytes, and how it is written. */
export class Ip {
  readonly bytes: readonly number[];
  readonly text: string;

  constructor(bytes: readonly number[], text: string) {
    this.bytes = bytes;
    this.text = text;
  }

  get family(): 4 | 6 {
    return this.bytes.length === 4 ? 4 : 6;
  }
}

/** A block of addresses. */
export class Cidr {
  readonly ip: Ip;
  readonly prefix: number;

  constructor(ip: Ip, prefix: number) {
    this.ip = ip;
    this.prefix = prefix;
  }
}

/** @throws Error for what is no address; one of version 4 within version 6 is none, and neither is one with a zone. */
export function parseIp(text: string): Ip {
  if (FORMATS.ipv4?.(text) === true) return new Ip(text.split(".").map(Number), text);
  if (FORMATS.ipv6?.(text) !== true) throw new Error(`IP Address ${JSON.stringify(text)} parse error`);
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const bytes = bytesOf(canonical);
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) throw new Error("IPv4-mapped IPv6 address is not allowed");
  return new Ip(bytes, canonical);
}

/** @throws Error for what is no block of addresses. */
export function parseCidr(text: string): Cidr {
  if (FORMATS.cidr?.(text) !== true)
    throw new Error(`network address parse error during conversion from string`);
  const [address = "", bits] = text.split("/");
  return new Cidr(parseIp(address), Number(bits));
}

/** Whether the first block, or address, lies in the second. */
export function isWithin(inner: Cidr, outer: Cidr): boolean {
  if (inner.ip.family !== outer.ip.family || inner.prefix < outer.prefix) return false;
  const [one, other] = [masked(inner.ip, outer.prefix), masked(outer.ip, outer.prefix)];
  return one.bytes.every((byte, index) => byte === other.bytes[index]);
}

/** The address with all bits behind the prefix cleared. */
export function masked({ bytes }: Ip, prefix: number): Ip {
  const kept = bytes.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff << (8 - bits)) & 0xff;
  });
  return new Ip(kept, textOf(kept));
}

function textOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const words = Array.from({ length: 8 }, (_, index) => {
    return (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16);
  });
  return new URL(`http://[${words.join(":")}]/`).hostname.slice(1, -1);
}

/** @param text as URLs write addresses of version 6: eight words at most, and one `::` for the zeros between */
function bytesOf(text: string): readonly number[] {
  const [front = "", back] = text.split("::");
  const words = (part: string) =>
    part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16));
  const before = words(front);
  const after = words(back ?? "");
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after].flatMap((word) => [word >> 8, word & 0xff]);
}
