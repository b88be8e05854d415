import { beforeAll, describe, expect, it } from "vitest";
import { apiVersionOf, type Kind } from "../../src/api/kind.ts";
import { KINDS } from "../../src/api/registry.ts";
import type { FieldSchema } from "../../src/api/schema/field-schema.ts";
import { objectType } from "../../src/api/schema/table.ts";
import { createInMemoryServer, type InMemoryServer, type Json } from "../in-memory-server.ts";

const WRITABLE = KINDS.filter((kind) => kind.readOnly !== true);

/** Every type once, by the first way to it from a kind, with a value of it at the end of a path. */
interface Place {
  readonly kind: Kind;
  readonly type: string;
  /** Field names, `[]` for the one item of a list and `{}` for the one entry of a map. */
  readonly path: readonly string[];
}

function placesOf(kinds: readonly Kind[]): Place[] {
  const seen = new Set<string>();
  const queue: Place[] = kinds.map((kind) => ({ kind, type: kind.schema, path: [] }));
  const places: Place[] = [];
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    if (seen.has(place.type)) continue;
    seen.add(place.type);
    places.push(place);
    for (const [name, field] of objectType(place.type)?.fields ?? []) {
      const step = stepInto(field);
      if (step === undefined) continue;
      queue.push({ kind: place.kind, type: step.type, path: [...place.path, name, ...step.path] });
    }
  }
  return places;
}

function stepInto(
  field: FieldSchema,
): { readonly type: string; readonly path: readonly string[] } | undefined {
  if (field.type === "object" && field.ref !== undefined) return { type: field.ref, path: [] };
  const [inner, mark] = field.type === "array" ? [field.items, "[]"] : [field.values, "{}"];
  const step = inner === undefined ? undefined : stepInto(inner);
  return step === undefined ? undefined : { type: step.type, path: [mark as string, ...step.path] };
}

/** An object of the kind with that value at the end of the path. */
function objectWith(kind: Kind, path: readonly string[], value: unknown): Json {
  const nested = path.reduceRight<unknown>((inner, step) => {
    if (step === "[]") return [inner];
    return { [step === "{}" ? "key" : step]: inner };
  }, value) as Json;
  const base = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: "x" } };
  return { ...base, ...nested, metadata: { ...base.metadata, ...nested.metadata } };
}

function collectionOf(kind: Kind): string {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
  return `${root}/${kind.namespaced ? "namespaces/default/" : ""}${kind.plural}`;
}

/** A value that no field of the type takes, and how Go's decoder calls it; undefined where anything goes. */
function wrongValue(field: FieldSchema): readonly [value: unknown, words: RegExp] | undefined {
  const cannot = (found: string) => new RegExp(`json: cannot unmarshal ${found} into Go struct field `);
  switch (field.type) {
    case "any":
      return undefined;
    case "string":
      return [5, cannot("number")];
    case "integer":
    case "number":
    case "boolean":
    case "array":
      return ["wrong", cannot("string")];
    case "object":
    case "map":
      return [["wrong"], cannot("array")];
    case "quantity":
      return ["1 apple", /quantities must match the regular expression/];
    case "int-or-string":
    case "time":
    case "micro-time":
      return [{ a: 1 }, /cannot unmarshal object/];
  }
}

/** What is said of an object with nothing but a name. */
const DAEMONS = [
  "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
  "spec.template.spec.containers: Required value",
];
const WORKLOAD = ["spec.selector: Required value", ...DAEMONS];
const LACKS: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec.containers: Required value"],
  Service: ["spec.ports: Required value"],
  EndpointSlice: ["addressType: Required value"],
  RoleBinding: [
    'roleRef.kind: Unsupported value: "": supported values: "Role", "ClusterRole"',
    "roleRef.name: Required value",
  ],
  ClusterRoleBinding: [
    'roleRef.kind: Unsupported value: "": supported values: "ClusterRole"',
    "roleRef.name: Required value",
  ],
  Deployment: WORKLOAD,
  ReplicaSet: WORKLOAD,
  // Its pods are looked at when they are made.
  StatefulSet: WORKLOAD.slice(0, 2),
  DaemonSet: DAEMONS,
  Job: [
    "spec.template.spec.containers: Required value",
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  CronJob: [
    "spec.schedule: Required value",
    "spec.jobTemplate.spec.template.spec.containers: Required value",
    'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  NodeFault: ["spec: Required value"],
};
/** Singletons have their own name, and are there already. */
const SINGLETONS = new Set(["ClusterSettings", "ClusterClock"]);

describe("every kind", () => {
  let server: InMemoryServer;
  beforeAll(async () => {
    server = await createInMemoryServer();
  });
  const post = (kind: Kind, body: Json) =>
    server.send("POST", `${collectionOf(kind)}?dryRun=All&fieldValidation=Strict`, body);

  it("refuses a value of the wrong type in every field, in Go's words", async () => {
    let fields = 0;
    for (const { kind, type, path } of placesOf(WRITABLE)) {
      for (const [name, field] of objectType(type)?.fields ?? []) {
        const wrong =
          path.length === 0 && ["apiVersion", "kind"].includes(name) ? undefined : wrongValue(field);
        // The server reads these of the body before anything is decoded.
        const isRead = path.length === 0 ? ["apiVersion", "kind", "metadata"] : ["name", "namespace"];
        const isAddress = path.length === 0 || path.join() === "metadata";
        if (wrong === undefined || (isAddress && isRead.includes(name))) continue;
        const [value, words] = wrong;
        const { status, body } = await post(kind, objectWith(kind, [...path, name], value));
        const place = `${kind.kind}: ${[...path, name].join(".")}`;
        if (status !== 400 || !words.test(body.message))
          expect([place, status, body.message]).toEqual([words]);
        expect(body.message).toContain(`cannot be handled as a ${kind.kind}: `);
        fields++;
      }
    }
    expect(fields).toBeGreaterThan(1_000);
    expect(server.failures).toEqual([]);
  });

  it("refuses a field that nobody knows in every type", async () => {
    for (const { kind, path } of placesOf(WRITABLE)) {
      const { status, body } = await post(kind, objectWith(kind, [...path, "nonsense"], 1));
      const text = [...path, "nonsense"].join(".").replaceAll(".[]", "[0]").replaceAll("{}", "key");
      expect([status, body.reason, body.message], text).toEqual([
        400,
        "BadRequest",
        expect.stringContaining(`strict decoding error: unknown field ${JSON.stringify(text)}`),
      ]);
    }
  });

  const named = WRITABLE.filter((kind) => !SINGLETONS.has(kind.kind));
  it.each(named.map((kind) => [kind.kind, kind] as const))("says what a %s lacks", async (_, kind) => {
    const { status, body } = await post(kind, objectWith(kind, [], {}));
    const causes: Json[] = status === 201 ? [] : body.details.causes;
    expect(status, body.message).toBe(causes.length === 0 ? 201 : 422);
    const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
    expect(texts).toEqual(LACKS[kind.kind] ?? texts);
    expect(texts.filter((text) => /undefined|NaN|\[object/.test(text))).toEqual([]);
  });
});
