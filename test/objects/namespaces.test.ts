import { expect, test } from "vitest";
import { createInMemoryServer } from "../in-memory-server.ts";

const PATH = "/api/v1/namespaces/held";

/** Goal: what holds a namespace is written through its own subresource, as tools do that free one that is stuck. */
test("finalizers in a namespace's spec are written by /finalize; the last one that goes lets it go", async () => {
  const { send, get } = await createInMemoryServer();
  await send("POST", "/api/v1/namespaces", { metadata: { name: "held" } });
  const made = await get(PATH);
  expect(made.spec.finalizers).toEqual(["kubernetes"]);
  const held = {
    ...made,
    spec: { finalizers: ["kubernetes", "example.com/hold"] },
    metadata: { ...made.metadata, labels: {} },
  };
  const plain = await send("PUT", PATH, held);
  expect([plain.status, plain.body.spec.finalizers]).toEqual([200, ["kubernetes"]]);
  held.metadata.resourceVersion = plain.body.metadata.resourceVersion;
  const patched = await send(
    "PATCH",
    PATH,
    { spec: { finalizers: null } },
    { "content-type": "application/merge-patch+json" },
  );
  expect(patched.body.spec.finalizers).toEqual(["kubernetes"]);
  const answer = await send("PUT", `${PATH}/finalize`, held);
  expect(answer.status).toBe(200);
  expect(answer.body.spec.finalizers).toEqual(["kubernetes", "example.com/hold"]);
  expect(answer.body.metadata.labels).toEqual({ "kubernetes.io/metadata.name": "held" });

  const bad = await send("PUT", `${PATH}/finalize`, { ...answer.body, spec: { finalizers: ["hold"] } });
  expect(bad.status).toBe(422);
  expect(bad.body.message).toContain(
    'spec.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified',
  );

  await send("DELETE", PATH);
  const going = await get(PATH);
  expect(going.status.phase).toBe("Terminating");
  expect((await send("PUT", `${PATH}/finalize`, { ...going, spec: {} })).status).toBe(200);
  expect((await send("GET", PATH)).status).toBe(404);
});
