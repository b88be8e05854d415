import { badRequest } from "../errors.ts";
import { type FieldKind, type Message, type MessageField, messageAt } from "./messages.ts";
import { timeText } from "./time-text.ts";
import { LENGTH_DELIMITED, VARINT, WireError, WireReader } from "./wire.ts";

/** Parses JSON text that came from outside; fails as an ApiError. */
export type ParseJson = (text: string) => unknown;

type Fields = Record<string, unknown>;

/** Says that JSON does not have the value. */
const ABSENT = Symbol("absent");

const KEY_FIELD = 1;
const VALUE_FIELD = 2;
/** IntOrString.type */
const NUMBER = 0;
const TEXT = 1;

/** Decodes messages into objects as JSON would have them. Throws WireError, or what `parseJson` throws. */
export class MessageDecoder {
  readonly #reader: WireReader;
  readonly #parseJson: ParseJson;

  constructor(bytes: Buffer, parseJson: ParseJson) {
    this.#reader = new WireReader(bytes);
    this.#parseJson = parseJson;
  }

  /** Reads the whole of the bytes as one message. */
  decode(message: Message): Fields {
    const object: Fields = {};
    this.#message(message, this.#reader.bytes.length, object);
    return object;
  }

  /** Reads fields up to `end` into the object: a message may come in several parts. */
  #message(message: Message, end: number, object: Fields): void {
    const reader = this.#reader;
    while (reader.at < end) {
      const tag = reader.tag();
      const field = message.fields[tag >>> 3];
      if (field === undefined) reader.moveOn(tag & 7, end);
      else this.#field(field, tag & 7, end, object);
    }
    if (reader.at > end) throw new WireError("unexpected EOF");
  }

  #field(field: MessageField, wireType: number, end: number, object: Fields): void {
    switch (field.shape) {
      case "one":
        this.#one(field, wireType, end, object);
        return;
      case "list":
        this.#list(field, wireType, end, object);
        return;
      case "map":
        this.#map(field, wireType, end, object);
        return;
      case "embedded":
        expectType(wireType, LENGTH_DELIMITED, field);
        this.#message(messageAt(field.message), this.#reader.end(end), object);
    }
  }

  #one(field: MessageField, wireType: number, end: number, object: Fields): void {
    const { name } = field;
    const value = this.#value(field, wireType, end, object[name]);
    if (value !== ABSENT) object[name] = value;
    else if (object[name] !== undefined) delete object[name];
  }

  #list(field: MessageField, wireType: number, end: number, object: Fields): void {
    let list = object[field.name] as unknown[] | undefined;
    if (list === undefined) {
      list = [];
      object[field.name] = list;
    }
    if (wireType === LENGTH_DELIMITED && VARINT_KINDS.has(field.kind)) {
      const packedEnd = this.#reader.end(end);
      while (this.#reader.at < packedEnd) list.push(this.#item(field, VARINT, packedEnd));
    } else list.push(this.#item(field, wireType, end));
  }

  #map(field: MessageField, wireType: number, end: number, object: Fields): void {
    expectType(wireType, LENGTH_DELIMITED, field);
    const reader = this.#reader;
    const entryEnd = reader.end(end);
    let key = "";
    let value: unknown = ABSENT;
    while (reader.at < entryEnd) {
      const tag = reader.tag();
      if (tag === KEY_FIELD * 8 + LENGTH_DELIMITED) key = this.#text(entryEnd);
      else if (tag >>> 3 === VALUE_FIELD) value = this.#item(field, tag & 7, entryEnd);
      else reader.moveOn(tag & 7, entryEnd);
    }
    if (key === "__proto__") throw badRequest('the key "__proto__" is not allowed');
    object[field.name] ??= {};
    const map = object[field.name] as Fields;
    map[key] = value === ABSENT ? zeroOf(field.kind) : value;
  }

  /** A value in a list or map: there is none that JSON leaves out. */
  #item(field: MessageField, wireType: number, end: number): unknown {
    const value = this.#value(field, wireType, end, undefined);
    return value === ABSENT ? zeroOf(field.kind) : value;
  }

  #value(field: MessageField, wireType: number, end: number, before: unknown): unknown {
    const { kind } = field;
    const reader = this.#reader;
    expectType(wireType, VARINT_KINDS.has(kind) ? VARINT : LENGTH_DELIMITED, field);
    switch (kind) {
      case "string":
        return this.#text(end) || zero(field, "");
      case "bool":
        return reader.bool() || zero(field, false);
      case "int32":
        return reader.int32() || zero(field, 0);
      case "int64":
        return reader.int64() || zero(field, 0);
      case "bytes":
        return this.#base64(end) || zero(field, "");
      default:
        return this.#struct(field, reader.end(end), before);
    }
  }

  #struct(field: MessageField, end: number, before: unknown): unknown {
    switch (field.kind) {
      case "quantity":
        return this.#firstText(end) || "0";
      case "time":
      case "micro-time":
        return this.#time(end, field.kind === "micro-time");
      case "int-or-string":
        return this.#intOrString(end);
      case "json":
        return this.#json(end);
      case "strings":
        return this.#strings(end);
      default: {
        const object = (before ?? {}) as Fields;
        this.#message(messageAt(field.message), end, object);
        return object;
      }
    }
  }

  #text(limit: number): string {
    const reader = this.#reader;
    const end = reader.end(limit);
    const text = reader.bytes.toString("utf8", reader.at, end);
    reader.at = end;
    return text;
  }

  #base64(limit: number): string {
    const reader = this.#reader;
    const end = reader.end(limit);
    const text = reader.bytes.toString("base64", reader.at, end);
    reader.at = end;
    return text;
  }

  /** Field 1 of a message that has no other. */
  #firstText(end: number): string {
    return this.#strings(end).at(-1) ?? "";
  }

  #strings(end: number): string[] {
    const reader = this.#reader;
    const texts: string[] = [];
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === KEY_FIELD * 8 + LENGTH_DELIMITED) texts.push(this.#text(end));
      else reader.moveOn(tag & 7, end);
    }
    return texts;
  }

  #json(end: number): unknown {
    const text = this.#firstText(end);
    return text === "" ? ABSENT : this.#parseJson(text);
  }

  #time(end: number, micro: boolean): unknown {
    const { first: seconds, second: nanos } = this.#three(end);
    if (seconds === 0 && nanos === 0) return ABSENT;
    const text = timeText(seconds, nanos, micro);
    if (text === undefined) throw new WireError("proto: a time must lie in the years 1 to 9999");
    return text;
  }

  #intOrString(end: number): string | number {
    const { first: type, second: number, text } = this.#three(end);
    if (type !== NUMBER && type !== TEXT) throw new WireError("proto: impossible IntOrString.Type");
    return type === TEXT ? text : number;
  }

  /** A message of two integers and perhaps a text, which Time, MicroTime and IntOrString are. */
  #three(end: number): { readonly first: number; readonly second: number; readonly text: string } {
    const reader = this.#reader;
    let first = 0;
    let second = 0;
    let text = "";
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === 1 * 8 + VARINT) first = reader.int64();
      else if (tag === 2 * 8 + VARINT) second = reader.int32();
      else if (tag === 3 * 8 + LENGTH_DELIMITED) text = this.#text(end);
      else reader.moveOn(tag & 7, end);
    }
    return { first, second, text };
  }
}

const VARINT_KINDS: ReadonlySet<FieldKind> = new Set(["bool", "int32", "int64"]);

function expectType(found: number, expected: number, field: MessageField): void {
  if (found !== expected) throw new WireError(`proto: wrong wireType = ${found} for field ${field.name}`);
}

function zero(field: MessageField, value: unknown): unknown {
  return field.keepsZero ? value : ABSENT;
}

/** What an item of a list or a value of a map is when the wire has none. */
function zeroOf(kind: FieldKind): unknown {
  switch (kind) {
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "int-or-string":
      return 0;
    case "quantity":
      return "0";
    case "strings":
      return [];
    case "message":
      return {};
    case "string":
    case "bytes":
      return "";
    default:
      return null;
  }
}
