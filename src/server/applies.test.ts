import { expect, it } from "vitest";
import { createInMemoryServer } from "../../test/in-memory-server.ts";

const CONFIG = "/api/v1/namespaces/default/configmaps/a";
const APPLY = { "content-type": "application/apply-patch+yaml" };
const HEAD = "apiVersion: v1\nkind: ConfigMap\n";

/** Applies that text and returns status and message. */
async function applier(): Promise<(text: string, query?: string) => Promise<readonly [number, string]>> {
  const server = await createInMemoryServer();
  return async (text, query = "?fieldManager=me") => {
    const { status, body } = await server.send("PATCH", CONFIG + query, text, APPLY);
    expect(server.failures).toEqual([]);
    return [status, body.message];
  };
}

it("applies YAML and JSON alike: 201 for what is new, 200 for what is there", async () => {
  const server = await createInMemoryServer();
  const send = (text: string) => server.send("PATCH", `${CONFIG}?fieldManager=me`, text, APPLY);
  const created = await send(`${HEAD}data: {a: "1"}\n`);
  expect([created.status, created.body.data]).toEqual([201, { a: "1" }]);
  const same = await send(JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", data: { a: "1" } }));
  expect([same.status, same.body]).toEqual([200, created.body]);
});

it("records writes under the name of their manager, or else of their program", async () => {
  const server = await createInMemoryServer();
  const path = "/api/v1/namespaces/default/configmaps";
  const draft = (name: string) => ({ metadata: { name }, data: { a: "1" } });
  const managers = async (name: string, query: string, headers: Record<string, string>) => {
    const { body } = await server.send("POST", `${path}${query}`, draft(name), headers);
    return (body.metadata.managedFields ?? []).map((entry: { manager: string }) => entry.manager);
  };
  const program = { "user-agent": "operator/v1.2 (linux)" };
  expect(await managers("a", "?fieldManager=me", program)).toEqual(["me"]);
  expect(await managers("b", "", program)).toEqual(["operator"]);
  expect(await managers("c", "", {})).toEqual([]);
  const table = await server.get(path, "application/json;as=Table;v=v1;g=meta.k8s.io");
  expect(JSON.stringify(table)).not.toContain("managedFields");
});

it("refuses what cannot be applied, in Kubernetes' words", async () => {
  const apply = await applier();
  expect(await apply(HEAD, "")).toEqual([
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  ]);
  expect(await apply(HEAD, `?fieldManager=${"x".repeat(129)}`)).toEqual([
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
  ]);
  expect((await apply(HEAD, "?fieldManager=a%07b"))[1]).toContain("should only contain printable characters");
  expect((await apply("a: [1\n"))[0]).toBe(400);
  expect((await apply("a: [1\n"))[1]).toMatch(/^error decoding YAML: /);
  expect((await apply("a: 1\na: 2\n"))[1]).toMatch(/^error decoding YAML: .*unique/);
  expect(await apply(`${HEAD}data: {a: 1}\n`)).toEqual([
    400,
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: ' +
      "json: cannot unmarshal number into Go struct field ConfigMap.data.a of type string",
  ]);
  expect((await apply(`${HEAD}x: 1\n`, "?fieldManager=me&fieldValidation=Strict"))[1]).toContain(
    'strict decoding error: unknown field "x"',
  );
  for (const text of ["", "null", "[]", "7", "text", "- a\n", "--- \n..."]) {
    expect((await apply(text))[0], text).toBe(400);
  }
});

it("refuses bodies that are made to do harm", async () => {
  const apply = await applier();
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (let letter = 1; letter < 10; letter++) {
    const [name, inner] = [letter, letter - 1].map((at) => String.fromCharCode(97 + at));
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${inner}`).join(", ")}]`);
  }
  expect((await apply(bomb.join("\n")))[0]).toBe(400);
  expect((await apply(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`))[0]).toBe(400);
  expect((await apply(`a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`))[0]).toBe(400);
  expect((await apply(`${HEAD}data: {a: ${"x".repeat(3 * 1_024 * 1_024)}}`))[0]).toBe(413);
  const many = Array.from({ length: 50_000 }, (_, index) => `example.com/f${index}`);
  const metadata = { name: "a", finalizers: many };
  const long = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata });
  expect((await apply(long))[0]).toBe(201);
  expect((await apply(long))[0]).toBe(200);
});

it("lets only applies be forced", async () => {
  const server = await createInMemoryServer();
  const merge = { "content-type": "application/merge-patch+json" };
  const { status, body } = await server.send("PATCH", `${CONFIG}?force=true`, {}, merge);
  expect([status, body.message]).toEqual([
    422,
    'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  ]);
  const unknown = await server.send("PATCH", CONFIG, {}, { "content-type": "application/json" });
  expect([unknown.status, unknown.body.message]).toEqual([
    415,
    "the body of the request was in an unknown format - accepted media types include: " +
      "application/json-patch+json, application/merge-patch+json, " +
      "application/strategic-merge-patch+json, application/apply-patch+yaml",
  ]);
});
