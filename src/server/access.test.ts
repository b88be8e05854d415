import { describe, expect, it } from "vitest";
import { createInMemoryServer, TOKEN } from "../../test/in-memory-server.ts";
import { createAccess } from "./access.ts";
import type { ApiRequest } from "./request.ts";

function requestWith(headers: Record<string, string>): ApiRequest {
  return {
    method: "GET",
    target: "/",
    header: (name) => headers[name],
    headersFrom: () => [],
    readBody: () => Promise.resolve(Buffer.alloc(0)),
  };
}

const FORBIDDEN = expect.objectContaining({ reason: "Forbidden" });

describe("access", () => {
  const access = createAccess({ token: "s3cret", hosts: ["lab.example"] });

  it("lets in what is addressed to this machine", () => {
    for (const host of ["localhost", "LOCALHOST:6443", "127.0.0.1:1", "[::1]:6443", "lab.example:443"]) {
      expect(() => access.checkOrigin(requestWith({ host })), host).not.toThrow();
    }
  });

  it("refuses every other Host: a rebound name may have brought the request here", () => {
    for (const host of [
      "",
      "evil.example",
      "localhost.evil.example",
      "evil.localhost",
      "localhost.",
      "127.0.0.1.nip.io",
      "127.0.0.1@evil.example",
      "evil.example@127.0.0.1",
      "localhost:6443:1",
      "localhost:99999999",
      "[::1",
      "[::2]:6443",
      "::1",
      "0.0.0.0",
      "0",
      "127.1",
      "2130706433",
      "localhost evil",
      "localhost,evil.example",
      "localhost/evil",
      "http://localhost",
      "127.0.0.2",
      "10.0.0.1",
    ]) {
      expect(() => access.checkOrigin(requestWith({ host })), host).toThrow(FORBIDDEN);
    }
    expect(() => access.checkOrigin(requestWith({}))).toThrow(FORBIDDEN);
    expect(() =>
      access.checkOrigin(requestWith({ host: "evil.example", "x-forwarded-host": "localhost" })),
    ).toThrow(FORBIDDEN);
  });

  it("refuses requests that foreign pages send", () => {
    const host = "localhost:6443";
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example", "file://", ""]) {
      expect(() => access.checkOrigin(requestWith({ host, origin })), origin).toThrow(FORBIDDEN);
    }
    expect(() => access.checkOrigin(requestWith({ host, "sec-fetch-site": "cross-site" }))).toThrow(
      FORBIDDEN,
    );
    expect(() => access.checkOrigin(requestWith({ host, origin: "https://localhost:6443" }))).not.toThrow();
  });

  it("asks for exactly its token", () => {
    for (const authorization of [
      "Bearer s3cre",
      "Bearer s3crets",
      "bearer s3cret",
      "s3cret",
      "Basic s3cret",
      "Bearer ",
    ]) {
      expect(access.isOwn(requestWith({ authorization })), authorization).toBe(false);
    }
    expect(access.isOwn(requestWith({}))).toBe(false);
    expect(access.isOwn(requestWith({ authorization: "Bearer s3cret" }))).toBe(true);
  });
});

describe("anonymous requests", () => {
  it("may ask for health and version, and nothing else", async () => {
    const { fetch } = await createInMemoryServer();
    const status = async (path: string) => (await fetch(path, { headers: { authorization: "" } })).status;
    for (const path of ["/healthz", "/livez", "/readyz", "/readyz/ping", "/version"])
      expect(await status(path)).toBe(200);
    for (const path of ["/api", "/api/v1/nodes", "/openapi/v2", "/nowhere", "/"])
      expect(await status(path)).toBe(401);
  });

  it("are told nothing of the token", async () => {
    const { fetch } = await createInMemoryServer();
    const response = await fetch("/api", { headers: { authorization: "Bearer wrong" } });
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      kind: "Status",
      reason: "Unauthorized",
      code: 401,
      message: "Unauthorized",
    });
    expect(text).not.toContain(TOKEN);
  });
});
