import { ApiError, badRequest } from "../api/errors.ts";

/** A message as far as it is read: fields by number; what is not listed is skipped. */
type Message = { readonly [fieldNumber: number]: readonly [name: string, type: FieldType] };
type FieldType = "string" | "strings" | "map" | Message;

const OBJECT_META: Message = {
  1: ["name", "string"],
  2: ["generateName", "string"],
  3: ["namespace", "string"],
  5: ["uid", "string"],
  6: ["resourceVersion", "string"],
  11: ["labels", "map"],
  12: ["annotations", "map"],
  14: ["finalizers", "strings"],
};

/**
 * The kinds that are read, by apiVersion and kind: those that kubectl sends as protobuf and that are served. Everything
 * that comes from files is JSON; `kubectl create namespace` is not. Field numbers: k8s.io/api generated.proto.
 */
const MESSAGES: ReadonlyMap<string, Message> = new Map([
  [
    "v1 Namespace",
    {
      1: ["metadata", OBJECT_META],
      2: ["spec", { 1: ["finalizers", "strings"] }],
      3: ["status", { 1: ["phase", "string"] }],
    },
  ],
]);

const MAGIC = "k8s\0";
/** runtime.Unknown, the envelope of every object: its TypeMeta and the object's own bytes. */
const TYPE_META_FIELD = 1;
const RAW_FIELD = 2;
const TYPE_META: Message = { 1: ["apiVersion", "string"], 2: ["kind", "string"] };

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/**
 * Decodes a Kubernetes protobuf body into the object that its JSON would have been.
 * Fails with BadRequest for bytes that are no such body and UnsupportedMediaType for kinds that are not read.
 */
export function decodeProtobuf(bytes: Buffer): Readonly<Record<string, unknown>> {
  if (bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) throw malformed();
  let typeMeta: Record<string, unknown> = {};
  let raw: Buffer = Buffer.alloc(0);
  for (const [number, value] of fieldsOf(bytes.subarray(MAGIC.length))) {
    if (number === TYPE_META_FIELD) typeMeta = decodeMessage(TYPE_META, value);
    else if (number === RAW_FIELD) raw = value;
  }
  const message = MESSAGES.get(`${typeMeta.apiVersion} ${typeMeta.kind}`);
  if (message === undefined) throw unreadable(String(typeMeta.kind));
  return { ...typeMeta, ...decodeMessage(message, raw) };
}

function decodeMessage(message: Message, bytes: Buffer): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const [number, value] of fieldsOf(bytes)) {
    const field = message[number];
    if (field === undefined) continue;
    const [name, type] = field;
    if (type === "string") {
      // Absent texts come as empty ones.
      if (value.length > 0) decoded[name] = value.toString("utf8");
    } else if (type === "strings") {
      decoded[name] = [...((decoded[name] as string[]) ?? []), value.toString("utf8")];
    } else if (type === "map") {
      decoded[name] = { ...(decoded[name] as object), ...mapEntry(value) };
    } else decoded[name] = decodeMessage(type, value);
  }
  return decoded;
}

function mapEntry(bytes: Buffer): Record<string, string> {
  const { key = "", value = "" } = decodeMessage({ 1: ["key", "string"], 2: ["value", "string"] }, bytes);
  if (key === "__proto__") throw badRequest('the key "__proto__" is not allowed');
  return { [key as string]: value as string };
}

/** The length-delimited fields of a message, which is all that is read here; others are stepped over. */
function* fieldsOf(bytes: Buffer): Generator<readonly [number: number, value: Buffer]> {
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; offset < bytes.length; factor *= 128) {
      const byte = bytes[offset++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor > 2 ** 63) break;
    }
    throw malformed();
  };
  while (offset < bytes.length) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === VARINT) varint();
    else if (wireType === FIXED_64) offset += 8;
    else if (wireType === FIXED_32) offset += 4;
    else if (wireType === BYTES) {
      const length = varint();
      if (length > bytes.length - offset) throw malformed();
      yield [Math.floor(tag / 8), bytes.subarray(offset, offset + length)];
      offset += length;
    } else throw malformed();
  }
  if (offset > bytes.length) throw malformed();
}

function malformed(): ApiError {
  return badRequest("the body is not a Kubernetes protobuf message");
}

function unreadable(kind: string): ApiError {
  const name = /^[A-Za-z]{1,63}$/.test(kind) ? kind : "that kind";
  return new ApiError(
    "UnsupportedMediaType",
    `this version of kubesim reads no protobuf bodies of ${name}: ` +
      "send JSON, e.g. with kubectl create -f or kubectl apply",
  );
}
