/** Reads the protobuf descriptors that a kubectl up to 1.34 carries: the messages of Kubernetes' API. */
import { gunzipSync } from "node:zlib";

/** A field of a message. Numbers and types are those of descriptor.proto. */
export interface MessageField {
  readonly name: string;
  readonly number: number;
  readonly repeated: boolean;
  /** 1 double, 3 int64, 5 int32, 8 bool, 9 string, 11 message, 12 bytes */
  readonly type: number;
  /** Of messages: the full name of their type. */
  readonly message?: string;
  /** A pointer in Go: on the wire only when it is set. All others always are. */
  readonly pointer: boolean;
}

/** Fields by the full name of their message, e.g. `k8s.io.api.core.v1.Pod`; a map's entries are messages as well. */
export type Messages = ReadonlyMap<string, readonly MessageField[]>;

/** All messages of the descriptors in a program. @throws Error when there are none, as in kubectl from 1.35 on. */
export function readMessages(program: Buffer): Messages {
  const messages = new Map<string, readonly MessageField[]>();
  for (const file of descriptorFiles(program)) {
    const packageName = textOf(file, FILE.package);
    for (const message of allOf(file, FILE.message)) readMessage(message, packageName, messages);
  }
  if (messages.size === 0) throw new Error("this program carries no descriptors: kubectl up to 1.34 does");
  return messages;
}

/** A message on the wire: every value by its field number. */
type Wire = ReadonlyMap<number, readonly (number | Buffer)[]>;

const FILE = { name: 1, package: 2, message: 4 } as const;
const MESSAGE = { name: 1, field: 2, nested: 3 } as const;
const FIELD = { name: 1, number: 3, label: 4, type: 5, typeName: 6, options: 8 } as const;
const REPEATED = 3;
/** gogoproto.nullable, an option of a field. */
const NULLABLE = 65001;
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const COMPRESSED_MAX = 200_000;

function* descriptorFiles(program: Buffer): Generator<Wire> {
  for (let at = program.indexOf(GZIP); at >= 0; at = program.indexOf(GZIP, at + 1)) {
    const file = gunzipped(program.subarray(at, at + COMPRESSED_MAX));
    // A file descriptor starts with its name: field 1, of which the length fits one byte.
    const name = file?.[0] === 0x0a ? file.toString("latin1", 2, 2 + (file[1] as number)) : "";
    if (name.endsWith("generated.proto")) yield readWire(file as Buffer);
  }
}

/** Undefined for what only looks like the start of a gzip stream. */
function gunzipped(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

function readMessage(message: Buffer, prefix: string, messages: Map<string, readonly MessageField[]>): void {
  const wire = readWire(message);
  const name = `${prefix}.${textOf(wire, MESSAGE.name)}`;
  messages.set(
    name,
    allOf(wire, MESSAGE.field).map((field) => readField(readWire(field))),
  );
  for (const nested of allOf(wire, MESSAGE.nested)) readMessage(nested, name, messages);
}

function readField(wire: Wire): MessageField {
  const number = (field: number): number => (wire.get(field)?.[0] as number | undefined) ?? 0;
  const options = wire.has(FIELD.options) ? readWire(wire.get(FIELD.options)?.[0] as Buffer) : undefined;
  return {
    name: textOf(wire, FIELD.name),
    number: number(FIELD.number),
    repeated: number(FIELD.label) === REPEATED,
    type: number(FIELD.type),
    ...(wire.has(FIELD.typeName) && { message: textOf(wire, FIELD.typeName).slice(1) }),
    pointer: options?.get(NULLABLE)?.[0] !== 0,
  };
}

function textOf(wire: Wire, field: number): string {
  return (wire.get(field)?.[0] as Buffer | undefined)?.toString("utf8") ?? "";
}

function allOf(wire: Wire, field: number): readonly Buffer[] {
  return (wire.get(field) as readonly Buffer[] | undefined) ?? [];
}

function readWire(bytes: Buffer): Wire {
  const values = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType !== 0 && wireType !== 2)
      throw new Error(`a descriptor has no fields of wire type ${wireType}`);
    const length = varint();
    const value = wireType === 0 ? length : bytes.subarray(at, at + length);
    if (wireType === 2) at += length;
    const field = Math.floor(tag / 8);
    const known = values.get(field);
    if (known === undefined) values.set(field, [value]);
    else known.push(value);
  }
  return values;
}
