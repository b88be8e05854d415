/**
 * Makes the table of protobuf messages from the descriptors of a kubectl and the declarations of the package
 * kubernetes-types, which know how fields are called in JSON. The same input gives the same bytes. The notation is
 * described in src/api/schema/README.md.
 */
import type { Declaration } from "./declarations.ts";
import type { Declarations } from "./declared-types.ts";
import type { MessageField, Messages } from "./descriptors.ts";
import { ROOTS, schemaName } from "./schema-roots.ts";

/** The generated file as a text: the messages of all served types and what they reach. */
export function makeProtobufTable(messages: Messages, declarations: Declarations): string {
  const roots = ROOTS.map(([module, name]) => messageName(schemaName(module, name)));
  const names = reachable(messages, roots).sort();
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const rows = names.map((name) => {
    const declaration = declarations.byName(schemaNameOf(name));
    const encoded = (messages.get(name) as readonly MessageField[]).map((field) => {
      const encoder = new Encoder(messages, indexOf, name, declaration);
      return [encoder.jsonName(field), encoder.encode(field)] as const;
    });
    return JSON.stringify([schemaNameOf(name), Object.fromEntries(encoded)]);
  });
  return `{"messages":[\n${rows.join(",\n")}\n]}\n`;
}

const SCALARS: Readonly<Record<number, string>> = { 1: "n", 3: "l", 5: "i", 8: "b", 9: "s", 12: "y" };
const MESSAGE = 11;
const META = "k8s.io.apimachinery.pkg.apis.meta.v1.";
/** Messages that are no objects in JSON. */
const SPECIAL: Readonly<Record<string, string>> = {
  "k8s.io.apimachinery.pkg.api.resource.Quantity": "q",
  "k8s.io.apimachinery.pkg.util.intstr.IntOrString": "o",
  [`${META}Time`]: "t",
  [`${META}MicroTime`]: "u",
  [`${META}FieldsV1`]: "x",
  "k8s.io.apimachinery.pkg.runtime.RawExtension": "x",
  "k8s.io.api.authentication.v1.ExtraValue": "w",
  "k8s.io.api.authorization.v1.ExtraValue": "w",
};

class Encoder {
  readonly #messages: Messages;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #owner: string;
  readonly #declared: Declaration | undefined;

  constructor(
    messages: Messages,
    indexOf: ReadonlyMap<string, number>,
    owner: string,
    declared: Declaration | undefined,
  ) {
    this.#messages = messages;
    this.#indexOf = indexOf;
    this.#owner = owner;
    this.#declared = declared;
  }

  /** As declared, but for some capitals; a field that is younger than the declarations keeps its name. */
  jsonName({ name }: MessageField): string {
    const lower = name.toLowerCase();
    return this.#declared?.fields.find((field) => field.name.toLowerCase() === lower)?.name ?? name;
  }

  encode(field: MessageField): string {
    if (this.#isEmbedded(field)) return `${field.number}^${this.#indexOf.get(field.message as string)}`;
    const entry = isEntry(this.#owner, field) ? this.#messages.get(field.message as string) : undefined;
    if (entry !== undefined) return `${field.number}{${this.#kind(entryValue(entry))}`;
    if (field.repeated) return `${field.number}[${this.#kind(field)}`;
    return `${field.number}${this.#kind(field)}${this.#keepsZero(field) ? "!" : ""}`;
  }

  #kind(field: MessageField): string {
    const kind = field.type === MESSAGE ? SPECIAL[field.message as string] : SCALARS[field.type];
    if (kind !== undefined) return kind;
    const index = this.#indexOf.get(field.message ?? "");
    if (index === undefined) throw new Error(`${this.#owner}.${field.name} is of an unknown type`);
    return `@${index}`;
  }

  /** Pointers are on the wire only when they are set; of other fields JSON has the zeros of required ones. */
  #keepsZero(field: MessageField): boolean {
    if (SCALARS[field.type] === undefined) return false;
    const name = this.jsonName(field);
    return field.pointer || this.#declared?.fields.find((each) => each.name === name)?.required === true;
  }

  /** A struct embedded in another is a message of its own on the wire; in JSON its fields stand in the outer one. */
  #isEmbedded(field: MessageField): boolean {
    if (field.type !== MESSAGE || field.repeated || this.#declared === undefined) return false;
    const declared = new Set(this.#declared.fields.map(({ name }) => name));
    const inner = this.#messages.get(field.message as string) ?? [];
    return !declared.has(this.jsonName(field)) && inner.some(({ name }) => declared.has(name));
  }
}

/** All messages that the roots are made of, without those that are no objects in JSON. */
function reachable(messages: Messages, roots: readonly string[]): string[] {
  const found = new Set<string>();
  const queue = roots.filter((root) => messages.has(root));
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const field of messages.get(name) ?? []) {
      const inner = isEntry(name, field)
        ? entryValue(messages.get(field.message as string) as readonly MessageField[]).message
        : field.message;
      if (inner !== undefined && SPECIAL[inner] === undefined) queue.push(inner);
    }
  }
  return [...found];
}

/** A map is a list of entries, each a message that is nested in the map's owner. */
function isEntry(owner: string, field: MessageField): boolean {
  return field.repeated && field.message?.startsWith(`${owner}.`) === true;
}

function entryValue(entry: readonly MessageField[]): MessageField {
  const [key, value] = entry;
  if (key?.type !== 9 || value === undefined) throw new Error("a map has keys that are no strings");
  return value;
}

/** `k8s.io.api.core.v1.Pod` -> `io.k8s.api.core.v1.Pod` and back. */
function schemaNameOf(message: string): string {
  return message.replace(/^k8s\.io\./, "io.k8s.");
}

function messageName(schema: string): string {
  return schema.replace(/^io\.k8s\./, "k8s.io.");
}
