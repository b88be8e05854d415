import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { KINDS } from "../registry.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import { conform } from "../schema/schema.ts";
import { objectType } from "../schema/table.ts";
import { parseFieldSelector } from "../selector.ts";

const NOW = Date.parse("2025-01-01T00:00:00Z");
const TEXTS = [
  "",
  "a",
  "default",
  "Exists",
  "In",
  "NoExecute",
  "-",
  "__proto__",
  "x".repeat(70),
  "metadata.name",
];

/** Any value that the schema allows, with every field sometimes there; so deep only. */
function anyValue(field: FieldSchema, depth: number): fc.Arbitrary<unknown> {
  switch (field.type) {
    case "object":
      return anyObject(field.ref as string, depth - 1);
    case "array":
      return fc.array(anyValue(field.items as FieldSchema, depth), { maxLength: 2 });
    case "map":
      return fc.dictionary(fc.constantFrom("cpu", ...TEXTS), anyValue(field.values as FieldSchema, depth), {
        maxKeys: 2,
      });
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.constantFrom(-1, 0, 1, 101, 70_000);
    case "quantity":
      return fc.constantFrom("-1", "0", "1", "500m", "1Gi");
    case "int-or-string":
      return fc.constantFrom(80, "http");
    case "time":
    case "micro-time":
      return fc.constantFrom("2025-01-01T00:00:00Z", null);
    case "any":
      return fc.constant({});
    default:
      return fc.constantFrom(...TEXTS);
  }
}

/** A type that is made of itself (a JSON schema) is followed one step only: it has many such fields. */
const RECURSIVE_DEPTH = 2;

/** Fields that the schema calls required are always there only when `complete`. */
function anyObject(name: string, wantedDepth: number, complete = false): fc.Arbitrary<unknown> {
  const depth = isRecursive(name) ? Math.min(wantedDepth, RECURSIVE_DEPTH) : wantedDepth;
  if (depth <= 0) return fc.constant({});
  const fields = [...(objectType(name)?.fields ?? [])];
  const values = fields.map(([field, schema]) => [field, anyValue(schema, depth)] as const);
  const requiredKeys = complete ? fields.filter(([, { required }]) => required).map(([field]) => field) : [];
  return fc.record(Object.fromEntries(values), { requiredKeys });
}

function isRecursive(name: string): boolean {
  const fields = [...(objectType(name)?.fields.values() ?? [])];
  return fields.some((field) => (field.items ?? field.values ?? field).ref === name);
}

/** What the store does with a draft, but for what it sets itself. */
function throughTheDoor(kind: Kind, draft: unknown): KubeObject {
  const given = conform(kind.schema, draft).value as KubeObject;
  let object: KubeObject = { ...given, metadata: { ...given.metadata, name: given.metadata?.name ?? "" } };
  if (kind.prepareForCreate) object = kind.prepareForCreate(object, NOW);
  return kind.setDefaults ? kind.setDefaults(object) : object;
}

describe.each(KINDS.map((kind) => [kind.kind, kind] as const))("%s", (_, kind) => {
  beforeAll(() => kind.load?.());

  it("is validated, defaulted and updated without failing, whatever its schema allows", () => {
    const any = anyObject(kind.schema, 8);
    fc.assert(
      fc.property(any, any, (first, second) => {
        const old = throughTheDoor(kind, first);
        kind.validate?.(old, undefined);
        const given = conform(kind.schema, second).value as KubeObject;
        const changed = { ...given, metadata: { ...old.metadata, ...given.metadata } };
        kind.validate?.(kind.setDefaults?.(changed) ?? changed, old);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it("changes nothing by a second round of defaults", () => {
    fc.assert(
      fc.property(anyObject(kind.schema, 8), (draft) => {
        const object = throughTheDoor(kind, draft);
        expect(kind.setDefaults?.(object) ?? object).toBe(object);
      }),
      { numRuns: 150, seed: 2 },
    );
  });

  it("shows every valid object in every column and to every field selector", () => {
    fc.assert(
      fc.property(anyObject(kind.schema, 8, true), (draft) => {
        const object = throughTheDoor(kind, draft);
        if ((kind.validate?.(object, undefined) ?? []).length > 0) return;
        for (const column of kind.columns) {
          const cell = column.cell(object, NOW);
          expect(typeof cell, column.name).toBe(column.type === "integer" ? "number" : column.type);
        }
        for (const field of Object.keys(kind.selectableFields)) {
          expect(parseFieldSelector(kind, `${field}!=never`)(object)).toBe(true);
        }
      }),
      { numRuns: 150, seed: 3 },
    );
  });

  it("has a table with the object's name in it", () => {
    expect(kind.columns.filter(({ format }) => format === "name")).toHaveLength(1);
  });
});
