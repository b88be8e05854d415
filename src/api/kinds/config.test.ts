import { describe, expect, it } from "vitest";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { configMaps } from "./config-map.ts";
import { secrets } from "./secret.ts";

function made<T extends KubeObject>(kind: Kind<T>, parts: object): T {
  const sent = { metadata: { name: "x" }, ...parts } as unknown as T;
  return kind.setDefaults ? kind.setDefaults(sent) : sent;
}
function faults<T extends KubeObject>(kind: Kind<T>, object: T, old?: T): string[] {
  return (kind.validate?.(object, old) ?? []).map(({ field, message }) => `${field}: ${message}`);
}
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a ConfigMap", () => {
  const map = (parts: object) => made(configMaps, parts);

  it("counts its keys", () => {
    const cells = configMaps.columns.map(({ cell }) =>
      cell(map({ data: { a: "" }, binaryData: { b: "" } }), 0),
    );
    expect(cells.slice(0, 2)).toEqual(["x", 2]);
  });

  it("refuses keys that are no file names, and keys that are there twice", () => {
    expect(faults(configMaps, map({ data: { "a/b": "" } }))[0]).toMatch(
      /^data\[a\/b\]: Invalid value: "a\/b": a valid config key must consist of/,
    );
    expect(faults(configMaps, map({ data: { "..": "" } }))).toEqual([
      "data[..]: Invalid value: \"..\": must not be '..'",
    ]);
    expect(faults(configMaps, map({ data: { a: "" }, binaryData: { a: "" } }))).toEqual([
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ]);
  });

  it("takes a mebibyte and not a byte more", () => {
    expect(faults(configMaps, map({ data: { a: "x".repeat(1_048_576) } }))).toEqual([]);
    expect(
      faults(configMaps, map({ data: { a: "x".repeat(1_048_576) }, binaryData: { b: "eA==" } })),
    ).toEqual(["[]: Too long: may not be more than 1048576 bytes"]);
  });

  it("stays as it is once it is immutable", () => {
    const old = map({ data: { a: "1" }, immutable: true });
    expect(faults(configMaps, map({ data: { a: "2" } }), old)).toEqual([
      "immutable: Forbidden: field is immutable when `immutable` is set",
      "data: Forbidden: field is immutable when `immutable` is set",
    ]);
    expect(faults(configMaps, { ...old, metadata: { ...old.metadata, labels: { a: "b" } } }, old)).toEqual(
      [],
    );
  });
});

describe("a Secret", () => {
  const secret = (parts: object) => made(secrets, parts);

  it("is Opaque and takes stringData over data", () => {
    const given = { data: { a: base64("old"), b: base64("kept") }, stringData: { a: "new é" } };
    expect(secret(given)).toEqual({
      metadata: { name: "x" },
      type: "Opaque",
      data: { a: base64("new é"), b: base64("kept") },
    });
    const done = secret(given);
    expect(secrets.setDefaults?.(done)).toBe(done);
  });

  it("does not let a key reach a prototype", () => {
    const made = secret({ stringData: JSON.parse('{"__proto__": "x"}') });
    expect(Object.keys(made.data ?? {})).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(made.data)).toBe(Object.prototype);
  });

  it.each([
    ["kubernetes.io/tls", {}, ["data[tls.crt]: Required value", "data[tls.key]: Required value"]],
    ["kubernetes.io/basic-auth", {}, ["data[username]: Required value", "data[password]: Required value"]],
    ["kubernetes.io/basic-auth", { password: base64("p") }, []],
    ["kubernetes.io/ssh-auth", {}, ["data[ssh-privatekey]: Required value"]],
    ["kubernetes.io/dockerconfigjson", {}, ["data[.dockerconfigjson]: Required value"]],
    ["kubernetes.io/dockerconfigjson", { ".dockerconfigjson": base64("{}") }, []],
    [
      "kubernetes.io/service-account-token",
      {},
      ["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
    ],
    ["my.own/type", {}, []],
  ])("of type %s with %j", (type, data, expected) => {
    expect(faults(secrets, secret({ type, data }))).toEqual(expected);
  });

  it("keeps its type, and its data once it is immutable", () => {
    const old = secret({ data: { a: base64("1") }, immutable: true });
    expect(faults(secrets, { ...old, type: "other", data: {} }, old)).toEqual([
      'type: Invalid value: "other": field is immutable',
      "data: Forbidden: field is immutable when `immutable` is set",
    ]);
  });

  it("takes a mebibyte, counted in bytes and not in base64", () => {
    expect(faults(secrets, secret({ stringData: { a: "x".repeat(1_048_576) } }))).toEqual([]);
    expect(faults(secrets, secret({ stringData: { a: "x".repeat(1_048_577) } }))).toEqual([
      "data: Too long: may not be more than 1048576 bytes",
    ]);
  });
});
