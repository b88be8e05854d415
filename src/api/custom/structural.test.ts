import { beforeAll, describe, expect, it } from "vitest";
import { compileCheck } from "./check.ts";
import { compileDefaults } from "./defaults.ts";
import { loadEngines } from "./engines.ts";
import { parseJsonPath } from "./json-path.ts";
import type { JsonSchema } from "./json-schema.ts";

import { compilePruner } from "./prune.ts";
import { Report } from "./report.ts";
import { validateSchema } from "./validate-schema.ts";
import { byPriority } from "./version-priority.ts";

beforeAll(loadEngines);

function faults(schema: JsonSchema, value: unknown): readonly string[] {
  const report = new Report();
  compileCheck({ type: "object", properties: { spec: schema } })({ spec: value }, report);
  return report.faults.map(({ error }) => `${error.field}: ${error.message}`);
}

describe("a value is checked against its schema", () => {
  it.each<[string, JsonSchema, unknown, string[]]>([
    [
      "nulls",
      { type: "string" },
      null,
      ['spec: Invalid value: "null": spec in body must be of type string: "null"'],
    ],
    ["nullable nulls", { type: "string", nullable: true }, null, []],
    [
      "fractions",
      { type: "integer" },
      1.5,
      ['spec: Invalid value: "number": spec in body must be of type integer: "number"'],
    ],
    ["either type", { "x-kubernetes-int-or-string": true }, "80", []],
    [
      "neither type",
      { "x-kubernetes-int-or-string": true },
      true,
      ['spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"'],
    ],
    [
      "exclusive limits",
      { type: "number", minimum: 1, exclusiveMinimum: true },
      1,
      ["spec: Invalid value: 1: spec in body should be greater than 1"],
    ],
    ["characters, not code units", { type: "string", maxLength: 2 }, "👍👍", []],
    ["long texts", { type: "string", maxLength: 2 }, "abc", ["spec: Too long: may not be more than 2 bytes"]],
    [
      "formats",
      { type: "string", format: "ipv4" },
      "1.2.3.256",
      ['spec: Invalid value: "1.2.3.256": spec in body must be of type ipv4: "1.2.3.256"'],
    ],
    ["formats that nobody knows", { type: "string", format: "poem" }, "x", []],
    ["many items", { type: "array", maxItems: 1 }, [1, 2], ["spec: Too many: 2: must have at most 1 item"]],
    [
      "few items",
      { type: "array", minItems: 1 },
      [],
      ["spec: Invalid value: 0: spec in body should have at least 1 items"],
    ],
    [
      "maps",
      { type: "object", additionalProperties: { type: "integer" } },
      { a: 1, b: "2" },
      ['spec.b: Invalid value: "string": spec.b in body must be of type integer: "string"'],
    ],
    [
      "sets",
      { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
      ["a", "b", "a"],
      ['spec[2]: Duplicate value: "a"'],
    ],
    [
      "oneOf",
      { type: "object", oneOf: [{ required: ["a"] }, { required: ["b"] }] },
      { a: 1, b: 1 },
      [
        '<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      "anyOf",
      { type: "object", anyOf: [{ required: ["a"] }, { required: ["b"] }] },
      {},
      [
        '<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)',
        "spec.a: Required value",
      ],
    ],
    [
      "not",
      { type: "integer", not: { enum: [3] } },
      3,
      ['<nil>: Invalid value: "": "spec" must not validate the schema (not)'],
    ],
  ])("%s", (_, schema, value, expected) => {
    expect(faults(schema, value)).toEqual(expected);
  });

  it("a pattern that would take for ever elsewhere takes no time", () => {
    const evil = { type: "string", pattern: "^(a+)+$" };
    expect(faults(evil, `${"a".repeat(20_000)}b`)).toHaveLength(1);
  });
});

describe("pruning and defaults", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: {
      free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      list: {
        type: "array",
        items: { type: "object", properties: { size: { type: "integer", default: 1 } } },
      },
      text: { type: "string", default: "x" },
    },
  };

  it("takes out what is unknown, and nulls, and keeps what is free", () => {
    const unknown: string[] = [];
    const given = JSON.parse(
      '{"free":{"a":{"b":1}},"list":[{"size":2,"nonsense":1}],"text":null,"__proto__":{"x":1}}',
    );
    const pruned = compilePruner(schema)(given, [], unknown);
    expect(pruned).toEqual({ free: { a: { b: 1 } }, list: [{ size: 2 }] });
    expect(unknown.sort()).toEqual(["__proto__", "list[0].nonsense"]);
  });

  it("fills in defaults at every depth and shares what is complete", () => {
    const fill = compileDefaults(schema) as NonNullable<ReturnType<typeof compileDefaults>>;
    expect(fill({ list: [{}, { size: 3 }] })).toEqual({ list: [{ size: 1 }, { size: 3 }], text: "x" });
    const complete = { list: [{ size: 3 }], text: "y" };
    expect(fill(complete)).toBe(complete);
    expect(compileDefaults({ type: "object", properties: { a: { type: "string" } } })).toBeUndefined();
  });
});

describe("a schema must be structural", () => {
  const refused = (schema: object) =>
    validateSchema(schema as JsonSchema, "schema").map(({ field, message }) => `${field}: ${message}`);

  it.each<[string, object, string]>([
    ["root type", {}, "schema.type: Required value: must not be empty at the root"],
    ["root object", { type: "string" }, 'schema.type: Invalid value: "string": must be object at the root'],
    ["references", { type: "object", $ref: "#/x" }, "schema.$ref: Forbidden: $ref is not supported"],
    [
      "types of fields",
      { type: "object", properties: { a: {} } },
      "schema.properties[a].type: Required value: must not be empty for specified object fields",
    ],
    [
      "items of lists",
      { type: "object", properties: { a: { type: "array" } } },
      "schema.properties[a].items: Required value: must be specified",
    ],
    [
      "fields and values",
      { type: "object", properties: {}, additionalProperties: true },
      "schema.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive",
    ],
    [
      "structure in logic",
      { type: "object", anyOf: [{ type: "object" }] },
      "schema.anyOf[0].type: Forbidden: must be empty to be structural",
    ],
    [
      "defaults",
      { type: "object", properties: { a: { type: "integer", default: "x" } } },
      'schema.properties[a].default: Invalid value: "string": in body must be of type integer: "string"',
    ],
    [
      "keys of lists",
      {
        type: "object",
        properties: {
          a: { type: "array", "x-kubernetes-list-type": "map", items: { type: "object", properties: {} } },
        },
      },
      "schema.properties[a].x-kubernetes-list-map-keys: Required value: " +
        "must not be empty if x-kubernetes-list-type is map",
    ],
  ])("%s", (_, schema, expected) => {
    expect(refused(schema)).toContain(expected);
  });

  it("with patterns that are none named", () => {
    const [fault] = refused({ type: "object", properties: { a: { type: "string", pattern: "(" } } });
    expect(fault).toContain(
      "must be a valid regular expression, but isn't: error parsing regexp: missing closing )",
    );
  });
});

it("orders versions as Kubernetes does", () => {
  const versions = [
    "foo1",
    "v1",
    "v11alpha2",
    "v3beta1",
    "v10",
    "v2",
    "v12alpha1",
    "foo10",
    "v10beta3",
    "v11beta2",
  ];
  expect(versions.sort(byPriority)).toEqual([
    "v10",
    "v2",
    "v1",
    "v11beta2",
    "v10beta3",
    "v3beta1",
    "v12alpha1",
    "v11alpha2",
    "foo1",
    "foo10",
  ]);
});

it.each([
  [".spec.size", [3]],
  [".metadata.labels.app\\.kubernetes\\.io/name", ["web"]],
  [".metadata.labels['app.kubernetes.io/name']", ["web"]],
  [".status.conditions[?(@.type=='Ready')].status", ["True"]],
  [".status.conditions[-1].type", ["Ready"]],
  [".status.conditions[*].type", ["Synced", "Ready"]],
  [".constructor.name", []],
  [".spec.none", []],
])("reads the path %s", (path, expected) => {
  const object = {
    metadata: { labels: { "app.kubernetes.io/name": "web" } },
    spec: { size: 3 },
    status: {
      conditions: [
        { type: "Synced", status: "False" },
        { type: "Ready", status: "True" },
      ],
    },
  };
  expect(parseJsonPath(path)?.(object)).toEqual(expected);
});
