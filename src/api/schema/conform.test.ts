import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KINDS } from "../registry.ts";
import { cannotBeHandled, conform, fieldSchema, isAtomic, strictDecodingError } from "./schema.ts";
import { objectType, typeNames } from "./table.ts";

const POD = "io.k8s.api.core.v1.Pod";
const SECRET = "io.k8s.api.core.v1.Secret";
const JSON_SCHEMA = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
const LEASE = "io.k8s.api.coordination.v1.Lease";

const pod = (spec: object, metadata: object = {}): unknown =>
  JSON.parse(
    JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", ...metadata },
      spec: { containers: [], ...spec },
    }),
  );
const messageOf = (value: unknown): string | undefined => conform(POD, value).errors[0]?.message;

describe("conform", () => {
  it("gives a clean object back, the very same", () => {
    const clean = pod({
      containers: [{ name: "a", resources: { requests: { cpu: "1" } }, ports: [{ containerPort: 80 }] }],
      tolerations: [{ key: "a", operator: "Exists", tolerationSeconds: 0 }],
    });
    const { value, unknownFields, errors } = conform(POD, clean);
    expect(value).toBe(clean);
    expect(unknownFields).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("drops unknown fields at every depth and says where they were", () => {
    const given = pod({ containers: [{ name: "a", imagee: "x" }], foo: 1, nodeSelector: { any: "thing" } });
    const { value, unknownFields } = conform(POD, given);
    expect(unknownFields).toEqual(["spec.containers[0].imagee", "spec.foo"]);
    expect(value).toEqual(pod({ containers: [{ name: "a" }], nodeSelector: { any: "thing" } }));
    expect(given).toEqual(
      pod({ containers: [{ name: "a", imagee: "x" }], foo: 1, nodeSelector: { any: "thing" } }),
    );
  });

  it("shares the parts that it does not change", () => {
    const given = pod({ containers: [{ name: "a" }], foo: 1 }) as { spec: { containers: object[] } };
    const { value } = conform(POD, given) as unknown as { value: typeof given };
    expect(value.spec.containers).toBe(given.spec.containers);
  });

  it.each([
    [
      { terminationGracePeriodSeconds: "30" },
      "string into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64",
    ],
    [{ hostNetwork: "yes" }, "string into Go struct field PodSpec.spec.hostNetwork of type bool"],
    [{ containers: {} }, "object into Go struct field PodSpec.spec.containers of type []v1.Container"],
    [{ containers: [1] }, "number into Go struct field PodSpec.spec.containers of type v1.Container"],
    [{ nodeSelector: [] }, "array into Go struct field PodSpec.spec.nodeSelector of type map[string]string"],
    [{ nodeSelector: { a: true } }, "bool into Go struct field PodSpec.spec.nodeSelector.a of type string"],
    [{ priority: 1.5 }, "number 1.5 into Go struct field PodSpec.spec.priority of type int32"],
    [
      { priority: 3_000_000_000 },
      "number 3000000000 into Go struct field PodSpec.spec.priority of type int32",
    ],
    [{ affinity: "none" }, "string into Go struct field PodSpec.spec.affinity of type v1.Affinity"],
  ])("tells wrong types in Go's words: %j", (spec, message) => {
    expect(messageOf(pod(spec))).toBe(`json: cannot unmarshal ${message}`);
  });

  it("tells the path of a wrong value", () => {
    const { errors } = conform(POD, pod({ containers: [{ name: "a" }, { name: 7 }] }));
    expect(errors.map(({ field }) => field)).toEqual(["spec.containers[1].name"]);
  });

  it.each([[[]], ["pod"], [null], [7]])("refuses %j for an object", (value) => {
    expect(conform(POD, value).errors).toHaveLength(1);
  });

  it("takes numbers for quantities, and refuses what is none", () => {
    const given = pod({ containers: [{ name: "a", resources: { requests: { cpu: 2 } } }] });
    expect(conform(POD, given).value).toEqual(
      pod({ containers: [{ name: "a", resources: { requests: { cpu: "2" } } }] }),
    );
    for (const cpu of ["2x", "1e400", "", "-"]) {
      const message = messageOf(pod({ containers: [{ name: "a", resources: { requests: { cpu } } }] }));
      expect(message).toMatch(/^quantities must match the regular expression/);
    }
    expect(messageOf(pod({ containers: [{ name: "a", resources: { requests: { cpu: true } } }] }))).toMatch(
      /bool/,
    );
  });

  it("stores bytes as base64 without line breaks, and refuses what is none", () => {
    const secret = (text: unknown) => ({ metadata: { name: "a" }, data: { key: text } });
    const clean = secret("QUJD");
    expect(conform(SECRET, clean).value).toBe(clean);
    expect(conform(SECRET, secret("QU\r\nJD\n")).value).toEqual(clean);
    expect(conform(SECRET, secret(null)).value).toEqual(secret(""));
    expect(conform(SECRET, secret("QUJDx")).errors).toEqual([
      { type: "TypeInvalid", field: "data.key", message: "illegal base64 data at input byte 4" },
    ]);
    expect(conform(SECRET, secret(1)).errors[0]?.message).toBe(
      "json: cannot unmarshal number into Go struct field Secret.data.key of type []uint8",
    );
  });

  it("checks values of a union where they are objects", () => {
    const schema = (items: unknown) => ({ type: "array", items, default: { any: ["thing", null] } });
    for (const items of [schema({ type: "string" }), [{ type: "string" }], schema({ enum: [{ a: 1 }] })]) {
      const clean = schema(items);
      expect(conform(JSON_SCHEMA, clean)).toEqual({ value: clean, unknownFields: [], errors: [] });
    }
    const { value, unknownFields, errors } = conform(JSON_SCHEMA, schema(schema({ typo: 1, maximum: "1" })));
    expect(value).toEqual(schema(schema({ maximum: "1" })));
    expect(unknownFields).toEqual(["items.items.typo"]);
    expect(errors.map(({ field }) => field)).toEqual(["items.items.maximum"]);
    const union = { additionalProperties: false };
    expect(conform(JSON_SCHEMA, union).value).toBe(union);
  });

  it("drops nulls, but keeps those of times", () => {
    const given = pod({ nodeName: null }, { creationTimestamp: null, labels: null });
    expect(conform(POD, given).value).toEqual(pod({}, { creationTimestamp: null }));
  });

  it("writes times in UTC with the digits that their type has", () => {
    const lease = (renewTime: string) => ({ metadata: { name: "a" }, spec: { renewTime } });
    expect(conform(LEASE, lease("2025-01-01T00:00:00Z")).value).toEqual(lease("2025-01-01T00:00:00.000000Z"));
    expect(conform(LEASE, lease("2025-01-01T01:00:00.1234567+01:00")).value).toEqual(
      lease("2025-01-01T00:00:00.123456Z"),
    );
    const clean = lease("2025-01-01T00:00:00.123456Z");
    expect(conform(LEASE, clean).value).toBe(clean);
    expect(conform(LEASE, lease("yesterday")).errors[0]?.message).toMatch(/^parsing time "yesterday"/);
    expect(conform(LEASE, lease("2025-13-01T00:00:00Z")).errors).toHaveLength(1);
  });

  it.each(["spec", "metadata", "spec.containers[0]", "metadata.labels", "spec.nodeSelector"])(
    "drops a __proto__ in %s and pollutes nothing",
    (place) => {
      const text = JSON.stringify(
        pod(
          { containers: [{ name: "a", x: 1 }], nodeSelector: { x: "1" }, x: 1 },
          { labels: { x: "1" }, x: 1 },
        ),
      );
      const payload = { polluted: "yes" };
      const poisoned = JSON.parse(text, function (this: unknown, key, value) {
        return key === "x" ? payload : value;
      });
      const given = JSON.parse(JSON.stringify(poisoned).replaceAll('"x":', '"__proto__":'));
      const { value, unknownFields } = conform(POD, given);
      expect(unknownFields).toContain(`${place}.__proto__`);
      expect(JSON.stringify(value)).not.toMatch(/polluted|__proto__/);
      expect((value as { polluted?: string }).polluted).toBeUndefined();
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
    },
  );

  it("takes __proto__ out of free-form parts and refuses those that nest too deep", () => {
    const managed = (fieldsV1: string) =>
      JSON.parse(
        `{"metadata":{"name":"p","managedFields":[{"fieldsV1":${fieldsV1}}]},"spec":{"containers":[]}}`,
      );
    const { value } = conform(POD, managed('{"f:a":{"__proto__":{"x":1},"f:b":{}}}'));
    expect(value).toEqual(managed('{"f:a":{"f:b":{}}}'));
    const deep = managed(`${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`);
    expect(conform(POD, deep).errors[0]?.message).toBe("exceeded max depth");
  });

  it("survives any JSON for any kind", () => {
    const schemas = fc.constantFrom(...KINDS.map((kind) => kind.schema));
    fc.assert(
      fc.property(schemas, fc.jsonValue(), fc.jsonValue(), (schema, spec, metadata) => {
        expect(() => conform(schema, { spec, metadata, status: spec })).not.toThrow();
      }),
    );
  });

  it("has nothing left to say of what it gave back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (spec, container) => {
        const once = conform(
          POD,
          pod({ extra: spec, containers: [{ name: "a", env: container, more: spec }] }),
        );
        if (once.errors.length > 0) return;
        const twice = conform(POD, once.value);
        expect(twice.value).toBe(once.value);
        expect(twice.unknownFields).toEqual([]);
      }),
    );
  });
});

describe("decoding errors", () => {
  const kind = { group: "", version: "v1", kind: "Pod" };

  it("name the kind, its version and the fault", () => {
    expect(cannotBeHandled(kind, [{ type: "TypeInvalid", field: "a", message: "json: no" }])).toMatchObject({
      reason: "BadRequest",
      message: 'Pod in version "v1" cannot be handled as a Pod: json: no',
    });
    expect(strictDecodingError(kind, ["spec.containers[0].imagee", "x"]).message).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
        'unknown field "spec.containers[0].imagee", unknown field "x"',
    );
  });
});

describe("fieldSchema", () => {
  it("tells how lists are merged", () => {
    expect(fieldSchema("io.k8s.api.core.v1.PodSpec", "containers")).toEqual({
      type: "array",
      items: { type: "object", ref: "io.k8s.api.core.v1.Container", required: false },
      required: true,
      patchMergeKey: "name",
      patchStrategy: "merge",
      listType: "map",
      listMapKeys: ["name"],
    });
    expect(fieldSchema("io.k8s.api.core.v1.PodSpec", "tolerations")?.patchStrategy).toBeUndefined();
    expect(fieldSchema("io.k8s.api.core.v1.Container", "ports")).toMatchObject({
      patchMergeKey: "containerPort",
      listMapKeys: ["containerPort", "protocol"],
    });
    expect(fieldSchema("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", "finalizers")).toMatchObject({
      patchStrategy: "merge",
      listType: "set",
    });
  });

  it("tells which objects are owned as one value", () => {
    expect(isAtomic("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector")).toBe(true);
    expect(isAtomic("io.k8s.api.autoscaling.v1.CrossVersionObjectReference")).toBe(true);
    expect(isAtomic("io.k8s.api.autoscaling.v2.CrossVersionObjectReference")).toBe(false);
    expect(isAtomic("io.k8s.api.core.v1.PodSpec")).toBe(false);
  });

  it("knows nothing of what is not there", () => {
    expect(fieldSchema("io.k8s.api.core.v1.PodSpec", "constructor")).toBeUndefined();
    expect(fieldSchema("constructor", "name")).toBeUndefined();
  });
});

describe("the table", () => {
  it("has every type that it refers to, and every kind", () => {
    for (const name of [...typeNames(), ...KINDS.map((kind) => kind.schema)]) {
      const type = objectType(name);
      expect(type, name).toBeDefined();
      for (const field of type?.fields.values() ?? []) {
        const { ref } = field.items ?? field.values ?? field;
        if (ref !== undefined) expect(objectType(ref), `${name} refers to ${ref}`).toBeDefined();
      }
    }
  });
});
