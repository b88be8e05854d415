import { beforeEach, describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json, pod } from "../in-memory-server.ts";

const DEFAULT = "/api/v1/namespaces/default";
let server: InMemoryServer;

beforeEach(async () => {
  server = await createInMemoryServer();
});

async function launch(spec: Json): Promise<Json> {
  const manifest = pod("web");
  const { body } = await server.send("POST", `${DEFAULT}/pods`, {
    ...manifest,
    spec: { ...manifest.spec, ...spec },
  });
  return body;
}

describe("a pod's service account", () => {
  it("is the namespace's default, at once in a new namespace", async () => {
    expect((await launch({})).spec).toMatchObject({
      serviceAccountName: "default",
      serviceAccount: "default",
    });
    await server.send("POST", "/api/v1/namespaces", { metadata: { name: "new" } });
    expect((await server.send("POST", "/api/v1/namespaces/new/pods", pod("first"))).status).toBe(201);
  });

  it("must be there, by either name", async () => {
    for (const field of ["serviceAccountName", "serviceAccount"]) {
      expect(await launch({ [field]: "bot" })).toMatchObject({
        code: 403,
        reason: "Forbidden",
        message:
          'pods "web" is forbidden: error looking up service account default/bot: serviceaccount "bot" not found',
      });
    }
    const imagePullSecrets = [{ name: "registry" }];
    await server.send("POST", `${DEFAULT}/serviceaccounts`, { metadata: { name: "bot" }, imagePullSecrets });
    expect((await launch({ serviceAccount: "bot" })).spec).toMatchObject({
      serviceAccountName: "bot",
      serviceAccount: "bot",
      imagePullSecrets,
    });
  });

  it("brings no secrets to a pod that has its own", async () => {
    const account = { metadata: { name: "bot" }, imagePullSecrets: [{ name: "registry" }] };
    await server.send("POST", `${DEFAULT}/serviceaccounts`, account);
    const own = [{ name: "own" }];
    const { spec } = await launch({ serviceAccountName: "bot", imagePullSecrets: own });
    expect(spec.imagePullSecrets).toEqual(own);
  });
});
