import { beforeEach, describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json, pod } from "../../../test/in-memory-server.ts";
import { createTokenKey, tokenSigner } from "./token-signer.ts";

const ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
let server: InMemoryServer;

beforeEach(async () => {
  server = await createInMemoryServer();
  await server.send("POST", ACCOUNTS, { metadata: { name: "bot" } });
});

async function request(spec: object = {}): Promise<{ status: number; body: Json }> {
  return server.send("POST", `${ACCOUNTS}/bot/token`, { spec });
}

async function statusOf(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await server.fetch("/api", { headers })).status;
}

describe("a token of a service account", () => {
  it("says what Kubernetes' tokens say", async () => {
    const { status, body } = await request({ expirationSeconds: 900 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: "TokenRequest", apiVersion: "authentication.k8s.io/v1" });
    const claims = JSON.parse(Buffer.from(body.status.token.split(".")[1], "base64url").toString());
    expect(claims).toMatchObject({
      iss: "https://kubernetes.default.svc.cluster.local",
      sub: "system:serviceaccount:default:bot",
      aud: ["https://kubernetes.default.svc.cluster.local"],
      "kubernetes.io": { namespace: "default", serviceaccount: { name: "bot" } },
    });
    expect(claims.exp - claims.iat).toBe(900);
    expect(Date.parse(body.status.expirationTimestamp)).toBe(claims.exp * 1_000);
  });

  it("lets in until it expires", async () => {
    const { token } = (await request({ expirationSeconds: 600 })).body.status;
    expect(await statusOf(token)).toBe(200);
    await server.clock.advance(599_000);
    expect(await statusOf(token)).toBe(200);
    await server.clock.advance(1_000);
    expect(await statusOf(token)).toBe(401);
  });

  it("ends with its service account, also when another takes its name", async () => {
    const { token } = (await request()).body.status;
    await server.send("DELETE", `${ACCOUNTS}/bot`);
    expect(await statusOf(token)).toBe(401);
    await server.send("POST", ACCOUNTS, { metadata: { name: "bot" } });
    expect(await statusOf(token)).toBe(401);
  });

  it("ends with the pod that it is bound to", async () => {
    const manifest = pod("p");
    manifest.spec.serviceAccountName = "bot";
    await server.send("POST", "/api/v1/namespaces/default/pods", manifest);
    const boundObjectRef = { kind: "Pod", apiVersion: "v1", name: "p" };
    const { token } = (await request({ boundObjectRef })).body.status;
    expect(await statusOf(token)).toBe(200);
    await server.send("DELETE", "/api/v1/namespaces/default/pods/p?gracePeriodSeconds=0");
    expect(await statusOf(token)).toBe(401);
  });

  it("is for its audiences only", async () => {
    const { token } = (await request({ audiences: ["vault"] })).body.status;
    expect(await statusOf(token)).toBe(401);
    const review = async (audiences: string[]) =>
      (
        await server.send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", {
          spec: { token, audiences },
        })
      ).body;
    expect((await review(["vault", "x"])).status).toMatchObject({
      authenticated: true,
      audiences: ["vault"],
    });
    expect((await review(["x"])).status).not.toHaveProperty("authenticated");
  });

  it("cannot be made up", async () => {
    const { token } = (await request()).body.status as { token: string };
    const [header, claims, signature] = token.split(".") as [string, string, string];
    const forged = JSON.parse(Buffer.from(claims, "base64url").toString());
    const other = tokenSigner(createTokenKey()).sign(forged);
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const master = Buffer.from(JSON.stringify({ ...forged, sub: "system:admin" })).toString("base64url");
    for (const bad of [
      other,
      `${none}.${claims}.`,
      `${header}.${master}.${signature}`,
      `${header}.${claims}.`,
      `${header}.${claims}`,
      `${token}=`,
      `${token}.${signature}`,
      token.slice(0, -1),
      "x".repeat(10_000),
      "..",
    ]) {
      expect(await statusOf(bad), bad).toBe(401);
    }
    expect(server.failures).toEqual([]);
  });

  it.each([
    [
      { expirationSeconds: 10 },
      422,
      "spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes",
    ],
    [{ expirationSeconds: 2 ** 33 }, 422, "may not specify a duration larger than 2^32 seconds"],
    [{ boundObjectRef: { kind: "Pod", apiVersion: "v1", name: "lost" } }, 404, 'pods "lost" not found'],
    [
      { boundObjectRef: { kind: "Job", apiVersion: "batch/v1" } },
      400,
      'cannot bind token for object of type "batch/v1, Kind=Job"',
    ],
    [{ audiences: "x" }, 400, "TokenRequest"],
  ])("is refused for %j", async (spec, code, words) => {
    const { status, body } = await request(spec);
    expect([status, body.message]).toEqual([code, expect.stringContaining(words)]);
  });

  it("is refused for a service account that is not there", async () => {
    const { status, body } = await server.send("POST", `${ACCOUNTS}/lost/token`, {});
    expect([status, body.message]).toEqual([404, 'serviceaccounts "lost" not found']);
  });
});

describe("reviews", () => {
  const post = (path: string, body: unknown) => server.send("POST", path, body);
  const authorization = "/apis/authorization.k8s.io/v1";
  const get = { verb: "get", resource: "pods", namespace: "default" };

  it("answer what somebody may do", async () => {
    const self = await post(`${authorization}/selfsubjectaccessreviews`, {
      spec: { resourceAttributes: get },
    });
    expect(self).toMatchObject({
      status: 201,
      body: { status: { allowed: true }, spec: { resourceAttributes: get } },
    });
    const of = async (groups: string[]) => {
      const spec = { user: "jane", groups, nonResourceAttributes: { verb: "get", path: "/version" } };
      return (await post(`${authorization}/subjectaccessreviews`, { spec })).body.status;
    };
    expect(await of([])).toEqual({ allowed: false });
    const reason =
      'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" ' +
      'to Group "system:authenticated"';
    expect(await of(["system:authenticated"])).toEqual({ allowed: true, reason });
  });

  it.each([
    ["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {}, 422],
    ["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { spec: 3 }, 400],
    ["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { spec: { resourceAttributes: [] } }, 400],
    ["/apis/authorization.k8s.io/v1/subjectaccessreviews", { spec: { resourceAttributes: get } }, 422],
    ["/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {}, 400],
    [
      "/apis/authorization.k8s.io/v1/namespaces/other/localsubjectaccessreviews",
      { spec: { user: "a", resourceAttributes: get } },
      422,
    ],
    ["/apis/authorization.k8s.io/v1/localsubjectaccessreviews", { spec: {} }, 405],
    ["/apis/authentication.k8s.io/v1/tokenreviews", {}, 422],
    ["/apis/authentication.k8s.io/v1/tokenreviews", { kind: "Pod" }, 400],
  ])("at %s refuse %j with %i", async (path, body, code) => {
    expect((await post(path, body)).status).toBe(code);
    expect(server.failures).toEqual([]);
  });

  it("are not there to be read", async () => {
    const path = `${authorization}/selfsubjectaccessreviews`;
    expect((await server.send("GET", path)).status).toBe(405);
    expect((await server.send("GET", `${path}/x`)).status).toBe(404);
    expect((await server.send("DELETE", path)).status).toBe(405);
  });
});
