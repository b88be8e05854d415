import generated from "../schema/protobuf.generated.json" with { type: "json" };

/** A message of Kubernetes' API: its fields by number. */
export interface Message {
  readonly name: string;
  readonly fields: readonly (MessageField | undefined)[];
}

/** What one field of a message becomes in JSON. */
export interface MessageField {
  /** As JSON calls it. */
  readonly name: string;
  /** `embedded`: a message of which the fields stand in the outer object. */
  readonly shape: "one" | "list" | "map" | "embedded";
  /** Of the field, of the items of a list, or of the values of a map. */
  readonly kind: FieldKind;
  /** Whether JSON has the zero of a scalar as well; else it leaves out what was not set. */
  readonly keepsZero: boolean;
  /** Of kind `message`: which one, for `messageAt`. */
  readonly message: number;
}

/** What stands on the wire; `strings` is a message of its own that holds a list of strings, `json` one with JSON. */
export type FieldKind =
  | "string"
  | "bytes"
  | "bool"
  | "int32"
  | "int64"
  | "quantity"
  | "int-or-string"
  | "time"
  | "micro-time"
  | "json"
  | "strings"
  | "message";

/** The message behind a type of the schema table, e.g. `io.k8s.api.core.v1.Pod`; undefined when it has none. */
export function messageNamed(schemaName: string): Message | undefined {
  indexOf ??= new Map(ROWS.map(([name], index) => [name, index]));
  const index = indexOf.get(schemaName);
  return index === undefined ? undefined : messageAt(index);
}

/** A message by its place in the table. Messages are read on first use. */
export function messageAt(index: number): Message {
  let message = read[index];
  if (message === undefined) {
    message = readRow(ROWS[index] as Row);
    read[index] = message;
  }
  return message;
}

/** Names of all messages of the table. */
export function messageNames(): readonly string[] {
  return ROWS.map(([name]) => name);
}

type Row = readonly [name: string, fields: Readonly<Record<string, string>>];

const ROWS = generated.messages as unknown as readonly Row[];
const read: (Message | undefined)[] = [];
let indexOf: ReadonlyMap<string, number> | undefined;

const NOTATION = /^(\d+)([[{^]?)(?:([a-z])|@?(\d+))(!?)$/;
const SHAPES: Readonly<Record<string, MessageField["shape"]>> = {
  "": "one",
  "[": "list",
  "{": "map",
  "^": "embedded",
};
const KINDS: Readonly<Record<string, FieldKind>> = {
  s: "string",
  y: "bytes",
  b: "bool",
  i: "int32",
  l: "int64",
  q: "quantity",
  o: "int-or-string",
  t: "time",
  u: "micro-time",
  x: "json",
  w: "strings",
};

function readRow([name, encoded]: Row): Message {
  const fields: (MessageField | undefined)[] = [];
  for (const [field, notation] of Object.entries(encoded)) {
    const [, number, shape = "", letter, message, mark] = NOTATION.exec(notation) ?? [];
    const kind = letter === undefined ? "message" : KINDS[letter];
    if (kind === undefined) throw new Error(`the protobuf table has no type ${notation}`);
    fields[Number(number)] = {
      name: field,
      shape: SHAPES[shape] as MessageField["shape"],
      kind,
      keepsZero: mark === "!",
      message: Number(message ?? -1),
    };
  }
  return { name, fields: Array.from(fields) };
}
