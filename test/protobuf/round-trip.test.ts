import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { decodeProtobuf } from "../../src/api/protobuf/decode.ts";
import { MessageDecoder } from "../../src/api/protobuf/message-decoder.ts";
import { type FieldKind, type Message, messageNamed, messageNames } from "../../src/api/protobuf/messages.ts";
import type { FieldSchema } from "../../src/api/schema/field-schema.ts";
import { objectType, typeNames } from "../../src/api/schema/table.ts";
import { anyObject, flattened } from "./any-object.ts";
import { encodeMessage, frame } from "./writer.ts";

const parseJson = (text: string): unknown => JSON.parse(text);
const KINDS = [
  ["v1", "Pod", "core.v1.Pod"],
  ["v1", "Service", "core.v1.Service"],
  ["v1", "Secret", "core.v1.Secret"],
  ["apps/v1", "Deployment", "apps.v1.Deployment"],
  ["batch/v1", "CronJob", "batch.v1.CronJob"],
  ["autoscaling/v2", "HorizontalPodAutoscaler", "autoscaling.v2.HorizontalPodAutoscaler"],
  ["networking.k8s.io/v1", "Ingress", "networking.v1.Ingress"],
  ["authorization.k8s.io/v1", "SubjectAccessReview", "authorization.v1.SubjectAccessReview"],
  ["coordination.k8s.io/v1", "Lease", "coordination.v1.Lease"],
] as const;

describe("what is encoded is decoded to the same", () => {
  test.each(KINDS)("%s %s", (apiVersion, kind, name) => {
    const message = messageNamed(`io.k8s.api.${name}`) as Message;
    fc.assert(
      fc.property(anyObject(message, 9), (object) => {
        const body = frame(apiVersion, kind, encodeMessage(message, object));
        expect(decodeProtobuf(body, parseJson)).toEqual({ apiVersion, kind, ...object });
      }),
      { numRuns: 100 },
    );
  });

  test("every message of the table", () => {
    for (const name of messageNames()) {
      const message = messageNamed(name) as Message;
      fc.assert(
        fc.property(anyObject(message, 2), (object) => {
          const decoder = new MessageDecoder(encodeMessage(message, object), parseJson);
          expect(decoder.decode(message)).toEqual(object);
        }),
        { numRuns: 20 },
      );
    }
  });
});

describe("the protobuf table and the schema table", () => {
  it("have the same fields, of the same types", () => {
    expect(messageNames().length).toBeGreaterThan(300);
    const inOuter = new Set<string>();
    for (const name of messageNames()) {
      for (const field of (messageNamed(name) as Message).fields) {
        if (field?.shape === "embedded") inOuter.add(messageNames()[field.message] as string);
      }
    }
    for (const name of messageNames()) {
      const type = objectType(name);
      if (type === undefined) {
        expect(inOuter, `${name} is in the protobuf table alone`).toContain(name);
        continue;
      }
      const found = flattened(messageNamed(name) as Message).map((field) => {
        const item = field.kind === "message" ? messageNames()[field.message] : field.kind;
        return [field.name, `${field.shape} ${item}`] as const;
      });
      const own = new Set(found.map(([field]) => field));
      const fields = [...type.fields].filter(([field]) => own.has(field) || !IN_FRAME.has(field));
      const expected = fields.map(([field, schema]) => [field, shapeOf(schema)]);
      expect(Object.fromEntries(found), name).toEqual(Object.fromEntries(expected));
    }
  });

  it("have the same types, but for those that are never sent as protobuf", () => {
    const messages = new Set(messageNames());
    const without = typeNames().filter((name) => !messages.has(name));
    const NEVER_SENT = /^(?:dev\.kubesim|io\.k8s\.apiextensions-apiserver|io\.k8s\.metrics)\./;
    expect(without.filter((name) => !NEVER_SENT.test(name))).toEqual([]);
  });
});

/** What the frame around an object says of it. */
const IN_FRAME: ReadonlySet<string> = new Set(["apiVersion", "kind"]);
const SPECIAL: Readonly<Record<string, FieldKind>> = { boolean: "bool", any: "json" };

function shapeOf(schema: FieldSchema): string {
  if (schema.type === "map") {
    const { values } = schema;
    return values?.type === "array" ? "map strings" : `map ${kindOf(values as FieldSchema)}`;
  }
  return schema.type === "array" ? `list ${kindOf(schema.items as FieldSchema)}` : `one ${kindOf(schema)}`;
}

function kindOf(schema: FieldSchema): string {
  if (schema.format === "byte") return "bytes";
  return schema.ref ?? schema.format ?? SPECIAL[schema.type] ?? schema.type;
}
