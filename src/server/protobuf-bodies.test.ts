import { beforeEach, describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json, pod } from "../../test/in-memory-server.ts";
import { bytesField, encodeMessage, frame, varintField } from "../../test/protobuf/writer.ts";
import { type Message, messageNamed } from "../api/protobuf/messages.ts";

const PROTOBUF = { "content-type": "application/vnd.kubernetes.protobuf" };
const PODS = "/api/v1/namespaces/default/pods";

function encoded(apiVersion: string, kind: string, schema: string, object: object): Buffer {
  const message = messageNamed(`io.k8s.api.${schema}`) as Message;
  return frame(apiVersion, kind, encodeMessage(message, object as Record<string, unknown>));
}

describe("protobuf bodies", () => {
  let server: InMemoryServer;

  beforeEach(async () => {
    server = await createInMemoryServer();
  });

  const send = async (
    method: string,
    path: string,
    body: Buffer,
  ): Promise<{ status: number; body: Json }> => {
    const init = { method, headers: PROTOBUF, body: new Uint8Array(body) };
    const response = await server.fetch(path, init);
    expect(response.headers.get("content-type")).toBe("application/json");
    return { status: response.status, body: await response.json() };
  };
  const podBody = (object: object) => encoded("v1", "Pod", "core.v1.Pod", object);

  it("create and replace objects as JSON does, and are answered in JSON", async () => {
    const created = await send("POST", PODS, podBody(pod("a", { app: "web" })));
    expect(created.status).toBe(201);
    const asJson = await server.send("POST", PODS, pod("b", { app: "web" }));
    expect({ ...created.body.spec, ...created.body.status }).toEqual({
      ...asJson.body.spec,
      ...asJson.body.status,
    });

    const { metadata, spec } = created.body;
    const changed = { ...created.body, metadata: { ...metadata, labels: { app: "db" } }, spec };
    const replaced = await send("PUT", `${PODS}/a`, podBody(changed));
    expect(replaced.status, replaced.body.message).toBe(200);
    expect(replaced.body.metadata.labels).toEqual({ app: "db" });
    expect((await send("PUT", `${PODS}/a`, podBody(changed))).status).toBe(409);
  });

  it("are validated as JSON is", async () => {
    const missing = await send("POST", PODS, podBody({ metadata: { name: "a" } }));
    expect(missing.body).toMatchObject({ kind: "Status", reason: "Invalid", code: 422 });
    const otherKind = await send("POST", PODS, encoded("v1", "Node", "core.v1.Node", pod("a")));
    expect(otherKind.body).toMatchObject({ reason: "BadRequest", code: 400 });
    expect(otherKind.body.message).toContain("does not match the expected kind (Pod)");
  });

  it("carry the options of a deletion and the objects of subresources", async () => {
    await server.send("POST", PODS, pod("a"));
    await server.send("POST", "/api/v1/nodes", { metadata: { name: "n" } });
    const binding = encoded("v1", "Binding", "core.v1.Binding", {
      metadata: { name: "a" },
      target: { kind: "Node", name: "n" },
    });
    expect((await send("POST", `${PODS}/a/binding`, binding)).status).toBe(201);
    expect((await server.get(`${PODS}/a`)).spec.nodeName).toBe("n");

    const eviction = encoded("policy/v1", "Eviction", "policy.v1.Eviction", { metadata: { name: "a" } });
    expect((await send("POST", `${PODS}/a/eviction`, eviction)).status).toBe(201);
    expect((await server.get(`${PODS}/a`)).metadata.deletionTimestamp).toBeDefined();

    const wrongUid = frame("v1", "DeleteOptions", bytesField(2, bytesField(1, "another")));
    expect((await send("DELETE", `${PODS}/a`, wrongUid)).body).toMatchObject({ reason: "Conflict" });
    const atOnce = frame("v1", "DeleteOptions", varintField(1, 0));
    expect((await send("DELETE", `${PODS}/a`, atOnce)).status).toBe(200);
    expect((await server.get(`${PODS}/a`)).code).toBe(404);
  });

  it("that are broken are bad requests, and patches are never protobuf", async () => {
    const whole = podBody(pod("a"));
    for (const body of [whole.subarray(0, whole.length - 10), Buffer.from("k8s\0"), Buffer.from("{}")]) {
      expect((await send("POST", PODS, body)).body).toMatchObject({ kind: "Status", reason: "BadRequest" });
    }
    await server.send("POST", PODS, pod("a"));
    expect((await send("PATCH", `${PODS}/a`, whole)).body).toMatchObject({ reason: "UnsupportedMediaType" });
    expect(server.failures).toEqual([]);
  });
});
