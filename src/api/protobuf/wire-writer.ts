import { LENGTH_DELIMITED, VARINT } from "./wire.ts";

const FIXED_64 = 1;

/** A string, or a message that is encoded already, as the field of that number. */
export function lengthDelimited(number: number, payload: string | Buffer): Buffer {
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  return Buffer.concat([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes]);
}

/** A whole number from 0 to 2^53, or a boolean, as the field of that number. */
export function varintField(number: number, value: number | boolean): Buffer {
  return Buffer.concat([varint(number * 8 + VARINT), varint(Number(value))]);
}

/** A floating-point number as the field of that number. */
export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + FIXED_64), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
