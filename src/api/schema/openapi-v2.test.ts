import { expect, it } from "vitest";
import { encodeSwagger } from "../protobuf/swagger.ts";
import { WireReader } from "../protobuf/wire.ts";
import { KINDS } from "../registry.ts";
import { swaggerDocument } from "./openapi-v2.ts";
import { customDefinition } from "./openapi-v2-custom.ts";

const VERSION = "v1.33.0";

it("has every kind with its paths, a definition behind every reference, and no operation twice", async () => {
  const { paths, definitions } = await swaggerDocument(KINDS, VERSION);
  for (const { schema } of KINDS) expect(definitions[schema], schema).toBeDefined();
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      "/api/v1/pods",
      "/api/v1/namespaces/{namespace}/pods/{name}/status",
      "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale",
      "/api/v1/nodes/{name}",
    ]),
  );
  const text = JSON.stringify({ paths, definitions });
  for (const [, name] of text.matchAll(/#\/definitions\/([\w.-]+)/g))
    expect(definitions).toHaveProperty([name as string]);
  const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("readCoreV1NamespacedPodStatus");
  expect(ids).toContain("deleteAppsV1CollectionNamespacedDeployment");
});

it("says how lists are merged, by which older kubectls make their patches", async () => {
  const { paths, definitions } = await swaggerDocument(KINDS, VERSION);
  expect(definitions["io.k8s.api.core.v1.PodSpec"]).toMatchObject({
    properties: {
      containers: {
        type: "array",
        items: { $ref: "#/definitions/io.k8s.api.core.v1.Container" },
        "x-kubernetes-patch-merge-key": "name",
        "x-kubernetes-patch-strategy": "merge",
      },
    },
  });
  expect(paths["/api/v1/namespaces/{namespace}/pods/{name}"]).toMatchObject({
    patch: {
      consumes: expect.arrayContaining(["application/strategic-merge-patch+json"]),
      parameters: expect.arrayContaining([expect.objectContaining({ name: "fieldValidation", in: "query" })]),
    },
  });
});

it("leaves out of custom kinds what version 2.0 cannot say", () => {
  const kind = { group: "example.com", version: "v1", kind: "Thing" };
  const refer = (name: string) => ({ $ref: name });
  const open = {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
    properties: { x: { type: "string" } },
  };
  const definition = customDefinition(
    kind,
    {
      type: "object",
      required: ["maybe", "name"],
      properties: {
        maybe: { type: "object", nullable: true, properties: { x: { type: "string" } } },
        name: { type: "string", minLength: 1, allOf: [{ maxLength: 3 }] },
        open,
        port: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] },
      },
    },
    refer,
  );
  expect(definition).toMatchObject({ required: ["name"] });
  const { maybe, name, open: kept, port } = definition.properties as Record<string, unknown>;
  expect([maybe, name]).toEqual([{}, { type: "string", minLength: 1 }]);
  expect(kept).toEqual({ "x-kubernetes-preserve-unknown-fields": true });
  expect(port).toEqual({ "x-kubernetes-int-or-string": true });
  expect(customDefinition(kind, open, refer)).toEqual({
    type: "object",
    "x-kubernetes-group-version-kind": [{ group: "example.com", kind: "Thing", version: "v1" }],
  });
});

/** The fields of a message by number, each as often as it stands there. */
function fieldsOf(bytes: Buffer): Map<number, Buffer[]> {
  const reader = new WireReader(bytes);
  const fields = new Map<number, Buffer[]>();
  while (reader.at < bytes.length) {
    const tag = reader.tag();
    const start = reader.at;
    const end = (tag & 7) === 2 ? reader.end(bytes.length) : start;
    if (end === start) reader.moveOn(tag & 7, bytes.length);
    const from = end === start ? start : reader.at;
    reader.at = Math.max(end, reader.at);
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), bytes.subarray(from, reader.at)]);
  }
  return fields;
}

it("is encoded as gnostic's document: definitions by name, extensions as YAML", () => {
  const schema = {
    type: "object",
    maxLength: 300,
    properties: { a: { $ref: "#/definitions/B" } },
    "x-kubernetes-k": [1],
  };
  const document = fieldsOf(encodeSwagger({ swagger: "2.0", definitions: { A: schema } }));
  const one = (fields: Map<number, Buffer[]>, ...numbers: number[]): Buffer => {
    const [number, ...rest] = numbers;
    const bytes = fields.get(number as number)?.[0] as Buffer;
    return rest.length === 0 ? bytes : one(fieldsOf(bytes), ...rest);
  };
  expect(one(document, 1).toString()).toBe("2.0");
  expect(one(document, 9, 1, 1).toString()).toBe("A");
  const encoded = fieldsOf(one(document, 9, 1, 2));
  expect(one(encoded, 22, 1).toString()).toBe("object");
  expect([...one(encoded, 11)]).toEqual([0xac, 0x02]);
  expect(one(encoded, 25, 1, 2, 1).toString()).toBe("#/definitions/B");
  expect(one(encoded, 31, 1).toString()).toBe("x-kubernetes-k");
  expect(one(encoded, 31, 2, 2).toString()).toBe("[1]\n");
});
