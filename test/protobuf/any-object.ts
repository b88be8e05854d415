import fc from "fast-check";
import { type Message, type MessageField, messageAt } from "../../src/api/protobuf/messages.ts";

/** Any object that the message can carry and that JSON would show in the same way, so deep only. */
export function anyObject(message: Message, depth: number): fc.Arbitrary<Record<string, unknown>> {
  if (depth <= 0) return fc.constant({});
  const fields = flattened(message).map((field) => [field.name, anyField(field, depth - 1)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [], noNullPrototype: true });
}

/** The fields of a message with those of messages embedded in it. */
export function flattened(message: Message): MessageField[] {
  return message.fields
    .filter((field) => field !== undefined)
    .flatMap((field) => (field.shape === "embedded" ? flattened(messageAt(field.message)) : [field]));
}

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const key = text.filter((name) => name !== "__proto__");
const INT32_MAX = 2 ** 31 - 1;
/** The first and last second of the years that RFC 3339 can write. */
const YEARS = { min: -62_135_596_800, max: 253_402_300_799 };

function anyField(field: MessageField, depth: number): fc.Arbitrary<unknown> {
  const value = anyValue(field, depth);
  // A list or map without anything in it is not on the wire.
  if (field.shape === "list") return fc.array(value, { minLength: 1, maxLength: 3 });
  if (field.shape === "map") {
    return fc.dictionary(key, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
  }
  return field.keepsZero ? value : value.filter((each) => each !== "" && each !== 0 && each !== false);
}

function anyValue(field: MessageField, depth: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "string":
      return text;
    case "bytes":
      return fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString("base64"));
    case "bool":
      return fc.boolean();
    case "int32":
      return fc.integer({ min: -INT32_MAX - 1, max: INT32_MAX });
    case "int64":
      return fc.maxSafeInteger();
    case "quantity":
      return fc.constantFrom("0", "1", "100m", "1536Mi", "-2");
    case "int-or-string":
      return fc.oneof(fc.integer({ min: 0, max: INT32_MAX }), text);
    case "time":
      return seconds.map((value) => `${value}Z`);
    case "micro-time":
      return fc
        .tuple(seconds, fc.nat(999_999))
        .map(([value, micros]) => `${value}.${String(micros).padStart(6, "0")}Z`);
    case "json":
      return fc.constantFrom({ a: [1, null, "b"] }, [], "text", true);
    case "strings":
      return fc.array(text, { maxLength: 3 });
    case "message":
      return anyObject(messageAt(field.message), depth);
  }
}

/** The beginning of 1970 is how an unset time looks. */
const seconds = fc
  .integer(YEARS)
  .filter((value) => value !== 0)
  .map((value) => new Date(value * 1_000).toISOString().slice(0, 19));
