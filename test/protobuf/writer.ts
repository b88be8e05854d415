import { type Message, type MessageField, messageAt } from "../../src/api/protobuf/messages.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A body as clients of Kubernetes send it: the magic, and runtime.Unknown around an object's bytes. */
export function frame(apiVersion: string, kind: string, raw: Buffer, contentEncoding = ""): Buffer {
  const typeMeta = Buffer.concat([bytesField(1, apiVersion), bytesField(2, kind)]);
  const unknown = [
    bytesField(1, typeMeta),
    bytesField(2, raw),
    bytesField(3, contentEncoding),
    bytesField(4, ""),
  ];
  return Buffer.concat([Buffer.from("k8s\0"), ...unknown]);
}

/** Writes an object as Go's clients do: the zeros of scalars that are no pointers are written as well. */
export function encodeMessage(message: Message, object: Fields): Buffer {
  return Buffer.concat(
    message.fields.flatMap((field, number) => (field ? encodeField(field, number, object) : [])),
  );
}

/** A field that holds bytes: a string, a message, the entry of a map. */
export function bytesField(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A field that holds an integer or a bool. */
export function varintField(number: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

/** A varint; negative numbers have ten bytes, as two's complement of 64 bits. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function encodeField(field: MessageField, number: number, object: Fields): Buffer[] {
  const value = object[field.name];
  switch (field.shape) {
    case "embedded":
      return [bytesField(number, encodeMessage(messageAt(field.message), object))];
    case "list":
      return ((value ?? []) as unknown[]).map((item) => encodeValue(field, number, item));
    case "map":
      return Object.entries((value ?? {}) as Fields).map(([key, item]) =>
        bytesField(number, Buffer.concat([bytesField(1, key), encodeValue(field, 2, item)])),
      );
    case "one":
      if (value !== undefined) return [encodeValue(field, number, value)];
      return field.keepsZero || !(field.kind in ZEROS) ? [] : [encodeValue(field, number, ZEROS[field.kind])];
  }
}

/** What a Go struct holds that was not set, where it is written. */
const ZEROS: Readonly<Record<string, unknown>> = {
  string: "",
  bytes: "",
  bool: false,
  int32: 0,
  int64: 0,
  time: null,
};

function encodeValue(field: MessageField, number: number, value: unknown): Buffer {
  switch (field.kind) {
    case "bool":
      return varintField(number, value === true ? 1 : 0);
    case "int32":
    case "int64":
      return varintField(number, value as number);
    case "string":
      return bytesField(number, value as string);
    case "bytes":
      return bytesField(number, Buffer.from(value as string, "base64"));
    default:
      return bytesField(number, encodeStruct(field, value));
  }
}

function encodeStruct(field: MessageField, value: unknown): Buffer {
  switch (field.kind) {
    case "quantity":
      return bytesField(1, value as string);
    case "json":
      return bytesField(1, JSON.stringify(value));
    case "strings":
      return Buffer.concat((value as string[]).map((text) => bytesField(1, text)));
    case "int-or-string":
      return typeof value === "string"
        ? Buffer.concat([varintField(1, 1), varintField(2, 0), bytesField(3, value)])
        : Buffer.concat([varintField(1, 0), varintField(2, value as number), bytesField(3, "")]);
    case "time":
    case "micro-time":
      return encodeTime(value as string | null);
    default:
      return encodeMessage(messageAt(field.message), value as Fields);
  }
}

function encodeTime(text: string | null): Buffer {
  if (text === null) return Buffer.alloc(0);
  const micros = Number(/\.(\d{6})/.exec(text)?.[1] ?? 0);
  const seconds = Math.floor(Date.parse(text) / 1_000);
  return Buffer.concat([varintField(1, seconds), varintField(2, micros * 1_000)]);
}
