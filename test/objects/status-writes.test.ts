import { expect, test } from "vitest";
import { createInMemoryServer, type Json } from "../in-memory-server.ts";

const MERGE = { "content-type": "application/merge-patch+json" };

/** Goal: clients that tell of a status may mark the object in the same write, as Kubernetes lets them. */
test("a write of /status takes what clients write of metadata along, and nothing of the spec", async () => {
  const { send, get } = await createInMemoryServer();
  const path = "/api/v1/namespaces/default/services/web";
  const service = { metadata: { name: "web" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } };
  await send("POST", "/api/v1/namespaces/default/services", service);
  const status = { loadBalancer: { ingress: [{ ip: "203.0.113.1" }] } };
  const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "1" };
  const patch = {
    metadata: { annotations: { marked: "true" }, labels: { a: "b" }, ownerReferences: [owner] },
    spec: { type: "ClusterIP" },
    status,
  };
  const { body } = await send("PATCH", `${path}/status`, patch, MERGE);
  expect(body).toMatchObject({ metadata: { annotations: { marked: "true" }, labels: { a: "b" } }, status });
  expect(body.metadata.ownerReferences).toEqual([owner]);
  expect(body.spec.type).toBe("LoadBalancer");
  const put: Json = await get(`${path}/status`);
  put.metadata.annotations.marked = "again";
  expect((await send("PUT", `${path}/status`, put)).status).toBe(200);
  expect((await get(path)).metadata.annotations.marked).toBe("again");

  const bad = { metadata: { labels: { a: "not a label" } } };
  const refused = await send("PATCH", `${path}/status`, bad, MERGE);
  expect([refused.status, refused.body.message]).toEqual([422, expect.stringContaining("metadata.labels")]);
  const wrong = await send("PATCH", `${path}/status`, { metadata: { labels: { a: 1 } } }, MERGE);
  expect(wrong.status).toBe(422);
});

/** Goal: one answer names all that is wrong with a body, so that its writer need not try again and again. */
test("strict field validation names duplicate and unknown fields together", async () => {
  const { fetch } = await createInMemoryServer();
  const text = '{"metadata":{"name":"m","unknown":1},"data":{"a":"1","a":"2"},"more":true}';
  const response = await fetch("/api/v1/namespaces/default/configmaps?fieldValidation=Strict", {
    method: "POST",
    body: text,
    headers: { "content-type": "application/json" },
  });
  const { message } = (await response.json()) as Json;
  expect(response.status).toBe(400);
  expect(message).toContain(
    'strict decoding error: duplicate field "data.a", unknown field "metadata.unknown"',
  );
  expect(message).toContain('unknown field "more"');
});

test("there is no table of an answer to a question", async () => {
  const { send } = await createInMemoryServer();
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const question = { spec: { nonResourceAttributes: { path: "/", verb: "get" } } };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  expect((await send("POST", path, question, { accept })).status).toBe(406);
  expect((await send("POST", path, question)).status).toBe(201);
});
