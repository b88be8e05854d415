import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesField, frame, varint, varintField } from "../../../test/protobuf/writer.ts";
import { ApiError } from "../errors.ts";
import { decodeProtobuf } from "./decode.ts";

const parseJson = (text: string): unknown => JSON.parse(text);
const decode = (bytes: Buffer) => decodeProtobuf(bytes, parseJson);
const namespace = (...fields: Buffer[]) => frame("v1", "Namespace", Buffer.concat(fields));
const metadata = (...fields: Buffer[]) => bytesField(1, Buffer.concat(fields));
const service = (...fields: Buffer[]) =>
  decode(frame("v1", "Service", bytesField(2, Buffer.concat(fields)))).spec;
const entry = (key: string, value: string) => Buffer.concat([bytesField(1, key), bytesField(2, value)]);
const nothing = Buffer.alloc(0);

/** A deployment as Kubernetes' own encoder writes it. */
const DEPLOYMENT = Buffer.from(
  [
    "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Es0CCi4KA3dlYhIAGgdkZWZhdWx0IgAqADIAOABCAFoKCgNhcHASA3dlYmIGCgFh",
    "EgFiEowCCAMSDAoKCgNhcHASA3dlYhrxAQocCgASABoAIgAqADIAOABCAFoKCgNhcHASA3dlYhLQAQoJCgF2EgQSAgoAEqYBCgN3",
    "ZWISCm5naW54OjEuMjUqADIKCgAQABhQIgAqADoGCgFBEgFiOgYKAUMSAWRCNAoRCgZtZW1vcnkSBwoFMTI4TWkSDQoDY3B1EgYK",
    "BDEwMG0SEAoGbWVtb3J5EgYKBDY0TWlKEAoBdhAAGgUvZGF0YSIAMgBaHQoREg8KAS8SBggAEFAaABoAIgAQABgAIAUoADAAagBy",
    "AIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==",
  ].join(""),
  "base64",
);

describe("protobuf bodies", () => {
  it("of Kubernetes' own encoder become the object that JSON would have said", () => {
    expect(decode(DEPLOYMENT)).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default", labels: { app: "web" }, annotations: { a: "b" } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "web" } },
        strategy: {},
        template: {
          metadata: { labels: { app: "web" } },
          spec: {
            volumes: [{ name: "v", emptyDir: {} }],
            containers: [
              {
                name: "web",
                image: "nginx:1.25",
                ports: [{ containerPort: 80 }],
                env: [
                  { name: "A", value: "b" },
                  { name: "C", value: "d" },
                ],
                resources: { limits: { memory: "128Mi" }, requests: { cpu: "100m", memory: "64Mi" } },
                volumeMounts: [{ name: "v", mountPath: "/data" }],
                readinessProbe: { httpGet: { path: "/", port: 80 }, periodSeconds: 5 },
              },
            ],
          },
        },
      },
      status: {},
    });
  });

  it("leave out what was not set, and keep empty structs and zeros that mean something", () => {
    const job = Buffer.concat([varintField(1, 0), varintField(10, 0)]);
    expect(decode(frame("batch/v1", "Job", bytesField(2, job))).spec).toEqual({
      parallelism: 0,
      suspend: false,
    });
    const unset = [bytesField(2, ""), bytesField(8, nothing), varintField(7, 0)];
    expect(decode(namespace(metadata(bytesField(1, "a"), ...unset), bytesField(3, nothing)))).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "a" },
      status: {},
    });
  });

  it("say times, quantities and ports as JSON does", () => {
    const time = Buffer.concat([varintField(1, 1_735_689_600), varintField(2, 123_456_789)]);
    const lease = Buffer.concat([bytesField(1, "me"), bytesField(3, time)]);
    expect(decode(frame("coordination.k8s.io/v1", "Lease", bytesField(2, lease))).spec).toEqual({
      holderIdentity: "me",
      acquireTime: "2025-01-01T00:00:00.123456Z",
    });
    expect(decode(namespace(metadata(bytesField(8, time)))).metadata).toEqual({
      creationTimestamp: "2025-01-01T00:00:00Z",
    });
    const port = (...target: Buffer[]) => bytesField(1, bytesField(4, Buffer.concat(target)));
    expect(service(port(varintField(1, 0), varintField(2, 8080)))).toEqual({ ports: [{ targetPort: 8080 }] });
    expect(service(port(varintField(1, 1), bytesField(3, "http")))).toEqual({
      ports: [{ targetPort: "http" }],
    });
    expect(service(port())).toEqual({ ports: [{ targetPort: 0 }] });
    const quota = Buffer.concat([bytesField(1, "cpu"), bytesField(2, nothing)]);
    expect(decode(frame("v1", "ResourceQuota", bytesField(2, bytesField(1, quota)))).spec).toEqual({
      hard: { cpu: "0" },
    });
  });

  it("carry bytes and JSON", () => {
    const secret = bytesField(2, Buffer.concat([bytesField(1, "k"), bytesField(2, Buffer.from([0, 255]))]));
    expect(decode(frame("v1", "Secret", secret)).data).toEqual({ k: "AP8=" });
    const revision = bytesField(2, bytesField(1, '{"a":[1]}'));
    expect(decode(frame("apps/v1", "ControllerRevision", revision)).data).toEqual({ a: [1] });
    expect(decode(frame("apps/v1", "ControllerRevision", bytesField(2, nothing))).data).toBeUndefined();
  });

  it("have maps whose entries may lack their value", () => {
    const labels = [bytesField(11, entry("a", "b")), bytesField(11, bytesField(1, "c"))];
    expect(decode(namespace(metadata(...labels))).metadata).toEqual({ labels: { a: "b", c: "" } });
  });

  it("of DeleteOptions come under any group", () => {
    const options = Buffer.concat([varintField(1, 0), bytesField(4, "Foreground"), bytesField(5, "All")]);
    expect(decode(frame("apps/v1", "DeleteOptions", options))).toEqual({
      apiVersion: "apps/v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      propagationPolicy: "Foreground",
      dryRun: ["All"],
    });
  });

  it("may have fields that nobody knows, of every wire type", () => {
    const fixed = (wireType: number, length: number) =>
      Buffer.concat([varint(999 * 8 + wireType), Buffer.alloc(length)]);
    const group = Buffer.concat([varint(999 * 8 + 3), varintField(1, 1), varint(999 * 8 + 4)]);
    const unknown = [varintField(999, -1), fixed(1, 8), bytesField(999, "x"), fixed(5, 4), group];
    expect(decode(namespace(...unknown, metadata(...unknown, bytesField(1, "a")))).metadata).toEqual({
      name: "a",
    });
  });

  it("may come in parts: the last value counts, lists and structs go on", () => {
    const parts = [
      metadata(bytesField(1, "a"), bytesField(3, "x"), bytesField(14, "one")),
      metadata(bytesField(1, "b"), bytesField(3, ""), bytesField(14, "two")),
    ];
    expect(decode(namespace(...parts)).metadata).toEqual({ name: "b", finalizers: ["one", "two"] });
    const packed = bytesField(4, Buffer.concat([varint(1), varint(300), varint(-1)]));
    const pod = bytesField(2, bytesField(14, packed));
    expect(decode(frame("v1", "Pod", pod)).spec).toEqual({
      securityContext: { supplementalGroups: [1, 300, -1] },
    });
  });

  it("may have numbers with more bytes than they need", () => {
    const long = Buffer.concat([varint(1 * 8), Buffer.from([0x83, 0x80, 0x80, 0x80, 0x80, 0x00])]);
    expect(decode(frame("apps/v1", "Deployment", bytesField(2, long))).spec).toEqual({ replicas: 3 });
    const tooLong = Buffer.concat([varint(1 * 8), Buffer.alloc(11, 0x80)]);
    expect(() => decode(frame("apps/v1", "Deployment", bytesField(2, tooLong)))).toThrow("integer overflow");
  });
});

describe("bodies that are no protobuf", () => {
  const why = (bytes: Buffer): string => {
    try {
      decode(bytes);
    } catch (error) {
      if (error instanceof ApiError) return `${error.reason}: ${error.message}`;
      throw error;
    }
    return "decoded";
  };

  it.each([
    ["no magic", Buffer.from("{}"), "it does not start with k8s\\0"],
    ["nothing", nothing, "it does not start with k8s\\0"],
    ["no kind", frame("v1", "", nothing), "does not say its apiVersion and kind"],
    ["a second encoding", frame("v1", "Pod", nothing, "gzip"), 'must not be encoded again ("gzip")'],
    ["a frame that is cut off", DEPLOYMENT.subarray(0, 20), "not a valid protobuf object: unexpected EOF"],
    [
      "a wrong wire type",
      namespace(varintField(1, 1)),
      'Namespace in version "v1" cannot be handled as a Namespace: proto: wrong wireType = 0 for field metadata',
    ],
    ["an impossible wire type", namespace(varint(99 * 8 + 7)), "proto: illegal wireType 7"],
    ["field 0", namespace(varint(2), varint(0)), "proto: illegal tag 0 (wire type 2)"],
    ["a group that nobody began", namespace(varint(99 * 8 + 4)), "proto: unexpected end of group"],
    ["a group without end", namespace(varint(99 * 8 + 3)), "unexpected EOF"],
    ["groups in groups", namespace(Buffer.alloc(5_000, 99)), "proto: unexpected end of group"],
    ["a length beyond the end", namespace(varint(10), varint(2 ** 40)), "unexpected EOF"],
    [
      "a time beyond the calendar",
      namespace(metadata(bytesField(8, varintField(1, 2 ** 50)))),
      "proto: a time must lie in the years 1 to 9999",
    ],
    [
      "a port of no kind",
      frame("v1", "Service", bytesField(2, bytesField(1, bytesField(4, varintField(1, 2))))),
      "proto: impossible IntOrString.Type",
    ],
    ["a key that pollutes", namespace(metadata(bytesField(11, entry("__proto__", "x")))), "is not allowed"],
  ])("because of %s are bad requests", (_, bytes, message) => {
    expect(why(bytes)).toContain(message);
    expect(why(bytes)).toMatch(/^BadRequest: /);
  });

  it.each([
    ["example.com/v1", "Thing"],
    ["apps.example.com/v1", "Deployment"],
    ["v1", "PodList"],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    ["constructor", "__proto__"],
  ])("%s %s has no protobuf form", (apiVersion, kind) => {
    expect(why(frame(apiVersion, kind, nothing))).toBe(
      `UnsupportedMediaType: "${kind}" in "${apiVersion}" is not read as protobuf: send JSON`,
    );
  });

  it("fail in order wherever they are cut off or damaged", () => {
    for (let length = 0; length < DEPLOYMENT.length; length++) {
      expect(why(DEPLOYMENT.subarray(0, length))).toMatch(/^(?:BadRequest: |decoded$)/);
    }
    fc.assert(
      fc.property(
        fc.nat(DEPLOYMENT.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 20 }),
        (at, noise) => {
          const damaged = Buffer.from(DEPLOYMENT);
          damaged.set(noise.slice(0, damaged.length - at), at);
          expect(why(damaged)).toMatch(/^(?:BadRequest: |UnsupportedMediaType: |decoded$)/);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("of random bytes fail in order", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Pod", "Node", "Service"),
        fc.uint8Array({ maxLength: 200 }),
        (kind, bytes) => {
          expect(why(frame("v1", kind, Buffer.from(bytes)))).toMatch(/^(?:BadRequest: |decoded$)/);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("as large as they may be are answered soon", () => {
    const size = 3 * 1024 * 1024;
    const containers = frame("v1", "Pod", bytesField(2, Buffer.alloc(size, Buffer.from([0x12, 0]))));
    const before = process.cpuUsage();
    expect((decode(containers).spec as { containers: unknown[] }).containers).toHaveLength(size / 2);
    why(frame("v1", "Pod", Buffer.alloc(size, 0x80)));
    why(frame("v1", "Pod", Buffer.alloc(size, 99)));
    expect(process.cpuUsage(before).user).toBeLessThan(20_000_000);
  });
});
