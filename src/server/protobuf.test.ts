import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeProtobuf } from "./protobuf.ts";

function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  return value < 0x80 ? Buffer.from([value]) : Buffer.from([(value & 0x7f) | 0x80, value >> 7]);
}

function body(apiVersion: string, kind: string, ...fields: Buffer[]): Buffer {
  const typeMeta = Buffer.concat([field(1, apiVersion), field(2, kind)]);
  return Buffer.concat([
    Buffer.from("k8s\0"),
    field(1, typeMeta),
    field(2, Buffer.concat(fields)),
    field(4, ""),
  ]);
}

const entry = (key: string, value: string) => Buffer.concat([field(1, key), field(2, value)]);

describe("protobuf bodies", () => {
  it("become the object that JSON would have said", () => {
    const metadata = Buffer.concat([
      field(1, "team-é"),
      field(2, ""),
      field(8, Buffer.alloc(0)),
      Buffer.from([7 << 3, 0]),
      field(11, entry("a", "b")),
      field(11, entry("c", "")),
      field(14, "one"),
      field(14, "two"),
    ]);
    expect(decodeProtobuf(body("v1", "Namespace", field(1, metadata), field(3, Buffer.alloc(0))))).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "team-é", labels: { a: "b", c: "" }, finalizers: ["one", "two"] },
      status: {},
    });
  });

  it("of kinds that are not read are refused by name", () => {
    expect(() => decodeProtobuf(body("apps/v1", "Deployment"))).toThrow(
      "reads no protobuf bodies of Deployment: send JSON",
    );
    expect(() => decodeProtobuf(body("v1", "<script>"))).toThrow("bodies of that kind");
  });

  it("never pollute", () => {
    const metadata = field(11, entry("__proto__", "x"));
    expect(() => decodeProtobuf(body("v1", "Namespace", field(1, metadata)))).toThrow("not allowed");
  });

  it("that are anything else fail as bad requests", () => {
    const whole = body("v1", "Namespace", field(1, field(1, "name")));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 20 }), (at, noise) => {
        const damaged = Buffer.from(whole);
        damaged.set(noise.slice(0, whole.length - at), at);
        try {
          decodeProtobuf(damaged);
        } catch (error) {
          expect(["BadRequest", "UnsupportedMediaType"]).toContain((error as { reason?: string }).reason);
        }
      }),
      { numRuns: 3_000 },
    );
    for (const length of [0, 3, 5, 10, whole.length - 5]) {
      expect(() => decodeProtobuf(whole.subarray(0, length)), String(length)).toThrow();
    }
  });
});
