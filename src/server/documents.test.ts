import { createPublicKey, verify } from "node:crypto";
import { expect, it } from "vitest";
import { createInMemoryServer } from "../../test/in-memory-server.ts";
import { serviceAccounts } from "../api/kinds/service-account.ts";

it("lists the paths that are served at its root", async () => {
  const { get, fetch } = await createInMemoryServer();
  const { paths } = await get("/");
  expect(paths).toEqual(paths.toSorted());
  for (const path of [
    "/api/v1",
    "/apis/apps/v1",
    "/healthz",
    "/livez/etcd",
    "/openapi/v3/apis/batch/v1",
    "/version",
  ]) {
    expect(paths).toContain(path);
  }
  for (const path of paths) expect((await fetch(path)).status, path).toBe(200);
});

it("gives others the key by which they can check a service account's token", async () => {
  const { get, send, objects } = await createInMemoryServer();
  const draft = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "bot", namespace: "default" } };
  await objects.create(serviceAccounts, draft as never);
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: ["vault"] },
  };
  const { body } = await send("POST", "/api/v1/namespaces/default/serviceaccounts/bot/token", request);
  const [header, claims, signature] = body.status.token.split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());

  const configuration = await get("/.well-known/openid-configuration");
  expect(configuration).toMatchObject({ issuer: read(claims).iss, response_types_supported: ["id_token"] });
  const { keys } = await get(new URL(configuration.jwks_uri).pathname);
  const jwk = keys.find(({ kid }: { kid: string }) => kid === read(header).kid);
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const signed = Buffer.from(`${header}.${claims}`);
  const isRight = (text: Buffer) =>
    verify("sha256", text, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  expect(isRight(signed)).toBe(true);
  expect(isRight(Buffer.from(`${header}.${claims}x`))).toBe(false);
  expect(JSON.stringify(keys)).not.toContain('"d"');
});
