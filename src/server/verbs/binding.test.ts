import { expect, it } from "vitest";
import { createInMemoryServer } from "../../../test/in-memory-server.ts";

const BINDINGS = "/api/v1/namespaces/default/bindings";

it("binds the pod that a Binding in the collection names", async () => {
  const { send, get } = await createInMemoryServer();
  const { resources } = await get("/api/v1");
  expect(resources.find(({ name }: { name: string }) => name === "bindings")).toMatchObject({
    kind: "Binding",
    namespaced: true,
    verbs: ["create"],
  });
  const pod = { metadata: { name: "web" }, spec: { containers: [{ name: "c", image: "nginx" }] } };
  await send("POST", "/api/v1/namespaces/default/pods", pod);
  const binding = { metadata: { name: "web" }, target: { kind: "Node", name: "node-1" } };
  expect(await send("POST", BINDINGS, binding)).toMatchObject({ status: 201, body: { status: "Success" } });
  expect((await get("/api/v1/namespaces/default/pods/web")).spec.nodeName).toBe("node-1");
  expect((await send("POST", BINDINGS, binding)).body).toMatchObject({
    code: 409,
    message: expect.stringContaining('pod web is already assigned to node "node-1"'),
  });
  expect((await send("POST", BINDINGS, { ...binding, metadata: { name: "gone" } })).status).toBe(404);
  expect((await send("POST", BINDINGS, { target: binding.target })).status).toBe(422);
  expect((await send("GET", BINDINGS)).status).toBe(405);
});
