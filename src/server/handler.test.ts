import { describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json, pod } from "../../test/in-memory-server.ts";

const PODS = "/api/v1/namespaces/default/pods";
const NODE = { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" }, spec: {}, status: {} };

describe("objects over HTTP", () => {
  it("are created with 201, read, replaced, patched and deleted", async () => {
    const { send, get } = await createInMemoryServer();
    const created = await send("POST", PODS, pod("web"));
    expect(created.status).toBe(201);
    expect(created.body.metadata).toMatchObject({ name: "web", namespace: "default", generation: 1 });
    expect(await get(`${PODS}/web`)).toEqual(created.body);

    const labelled = { ...created.body, metadata: { ...created.body.metadata, labels: { a: "b" } } };
    const replaced = await send("PUT", `${PODS}/web`, labelled);
    expect(replaced.status).toBe(200);
    expect(replaced.body.metadata.labels).toEqual({ a: "b" });
    expect((await send("PUT", `${PODS}/web`, labelled)).body.reason).toBe("Conflict");

    const merge = { "content-type": "application/merge-patch+json" };
    const patched = await send("PATCH", `${PODS}/web`, { metadata: { labels: { c: "d" } } }, merge);
    expect(patched.body.metadata.labels).toEqual({ a: "b", c: "d" });

    const deleted = await send("DELETE", `${PODS}/web`);
    expect(deleted.status).toBe(200);
    expect((await send("GET", `${PODS}/web`)).body).toMatchObject({
      kind: "Status",
      reason: "NotFound",
      code: 404,
      message: 'pods "web" not found',
      details: { name: "web", kind: "pods" },
    });
  });

  it("keep status and the rest apart", async () => {
    const { send } = await createInMemoryServer();
    await send("POST", PODS, pod("web"));
    const merge = { "content-type": "application/merge-patch+json" };
    const patch = {
      metadata: { labels: { ignored: "" } },
      spec: { nodeName: "x" },
      status: { phase: "Running" },
    };
    const { body } = await send("PATCH", `${PODS}/web/status`, patch, merge);
    expect(body.status.phase).toBe("Running");
    expect(body.spec.nodeName).toBeUndefined();
    expect(
      (await send("PUT", `${PODS}/web/status`, { ...body, status: { phase: "Failed" } })).body.status.phase,
    ).toBe("Failed");
    expect((await send("GET", `${PODS}/web/status`)).body.status.phase).toBe("Failed");
  });

  it("take YAML bodies, and bodies without kind, apiVersion and namespace", async () => {
    const { send } = await createInMemoryServer();
    const yaml = "metadata: {name: from-yaml}\nspec:\n  containers: [{name: c, image: i}]\n";
    const { status, body } = await send("POST", PODS, yaml, { "content-type": "application/yaml" });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: "Pod", apiVersion: "v1", metadata: { namespace: "default" } });
  });

  it("run POST subresources", async () => {
    const { send } = await createInMemoryServer();
    await send("POST", "/api/v1/nodes", NODE);
    await send("POST", PODS, pod("web"));
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "web" },
      target: { kind: "Node", name: "node-1" },
    };
    const { status, body } = await send("POST", `${PODS}/web/binding`, binding);
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: "Status", status: "Success" });
    expect((await send("GET", `${PODS}/web`)).body.spec.nodeName).toBe("node-1");
    expect((await send("GET", `${PODS}/web/binding`)).status).toBe(405);
  });

  it("are deleted as a collection, by selector", async () => {
    const { send, get } = await createInMemoryServer();
    for (const name of ["a", "b", "c"]) await send("POST", PODS, pod(name, { keep: String(name === "b") }));
    const { body } = await send("DELETE", `${PODS}?labelSelector=keep%3Dfalse`);
    expect(body.kind).toBe("PodList");
    expect(namesOf(body)).toEqual(["a", "c"]);
    expect(namesOf(await get(PODS))).toEqual(["b"]);
  });
});

describe("query options", () => {
  it("dryRun=All stores nothing", async () => {
    const { send } = await createInMemoryServer();
    expect((await send("POST", `${PODS}?dryRun=All`, pod("web"))).status).toBe(201);
    expect((await send("GET", `${PODS}/web`)).status).toBe(404);
    expect((await send("POST", `${PODS}?dryRun=Some`, pod("web"))).body.reason).toBe("Invalid");
  });

  it("fieldValidation says what happens to unknown and duplicate fields", async () => {
    const { send, fetch } = await createInMemoryServer();
    const odd = { ...pod("web"), spec: { ...pod("web").spec, colour: "red" } };
    const strict = await send("POST", `${PODS}?fieldValidation=Strict`, odd);
    expect(strict.body.message).toContain('strict decoding error: unknown field "spec.colour"');
    const twice = JSON.stringify(pod("web")).replace('"kind":"Pod"', '"kind":"Pod","kind":"Pod"');
    const duplicate = await send("POST", `${PODS}?fieldValidation=Strict`, twice);
    expect(duplicate.body.message).toContain('strict decoding error: duplicate field "kind"');
    const headers = { "content-type": "application/json" };
    const warned = await fetch(`${PODS}?fieldValidation=Warn`, {
      method: "POST",
      headers,
      body: JSON.stringify(odd),
    });
    expect(warned.status).toBe(201);
    expect(warned.headers.get("warning")).toBe('299 - "unknown field \\"spec.colour\\""');
    expect(((await warned.json()) as Json).spec.colour).toBeUndefined();
    expect((await send("POST", `${PODS}?fieldValidation=Maybe`, odd)).body.reason).toBe("Invalid");
  });

  it("resourceVersionMatch=Exact is gone for any version but the current one", async () => {
    const { get } = await createInMemoryServer();
    const { resourceVersion } = (await get(PODS)).metadata;
    const exact = (version: string) => get(`${PODS}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect((await exact(resourceVersion)).kind).toBe("PodList");
    expect((await exact("1")).reason).toBe("Expired");
  });

  it("options of a DELETE come in the body or the query", async () => {
    const { send } = await createInMemoryServer();
    const { body } = await send("POST", PODS, pod("web"));
    const other = await send("DELETE", `${PODS}/web`, { preconditions: { uid: "another" } });
    expect(other.body.reason).toBe("Conflict");
    expect((await send("DELETE", `${PODS}/web`, { gracePeriodSeconds: -1 })).body.reason).toBe("Invalid");
    expect((await send("DELETE", `${PODS}/web?gracePeriodSeconds=x`)).body.reason).toBe("Invalid");
    expect((await send("DELETE", `${PODS}/web`, { propagationPolicy: "Sideways" })).body.reason).toBe(
      "Invalid",
    );
    expect((await send("DELETE", `${PODS}/web`, { preconditions: 5 })).status).toBeLessThan(500);
    await send("POST", PODS, pod("other"));
    await send("DELETE", `${PODS}/other?dryRun=All`);
    expect((await send("GET", `${PODS}/other`)).status).toBe(200);
    expect(body.metadata.uid).toBeTruthy();
  });
});

describe("errors", () => {
  it("say what is wrong with a path or method", async () => {
    const { send } = await createInMemoryServer();
    const missing = await send("GET", "/api/v1/gizmos");
    expect(missing.body).toMatchObject({
      code: 404,
      message: "the server could not find the requested resource",
    });
    for (const [method, path] of [
      ["PUT", PODS],
      ["POST", `${PODS}/web`],
      ["POST", "/api/v1/pods"],
      ["DELETE", "/api/v1/pods"],
      ["PATCH", "/api/v1/nodes"],
      ["POST", "/version"],
      ["DELETE", `${PODS}/web/status`],
    ] as const) {
      const { body } = await send(method, path);
      expect(body, `${method} ${path}`).toMatchObject({
        code: 405,
        message: "the server does not allow this method on the requested resource",
      });
    }
  });

  it("say what is wrong with a body", async () => {
    const server = await createInMemoryServer();
    for (const [body, reason] of [
      ["{", "BadRequest"],
      ["[]", "BadRequest"],
      ["null", "BadRequest"],
      ["", "BadRequest"],
      ['{"__proto__":{"polluted":1}}', "BadRequest"],
      [{ ...pod("a"), kind: "Node" }, "BadRequest"],
      [{ ...pod("a"), apiVersion: "apps/v1" }, "BadRequest"],
      [{ ...pod("a"), metadata: [] }, "BadRequest"],
      [{ ...pod("a"), metadata: { name: "a", namespace: "elsewhere" } }, "BadRequest"],
      [pod("a".repeat(300)), "Invalid"],
      [pod("UPPER"), "Invalid"],
      [{ ...pod("a"), spec: { containers: "none" } }, undefined],
    ] as const) {
      const answer = await server.send("POST", PODS, body);
      expect(answer.status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
      expect(answer.status, JSON.stringify(body)).toBeLessThan(500);
      expect(answer.body.kind).toBe("Status");
      if (reason !== undefined) expect(answer.body.reason, JSON.stringify(body)).toBe(reason);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(server.failures).toEqual([]);
  });

  it("refuse media types that are not read, and say which are", async () => {
    const { send } = await createInMemoryServer();
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/cbor",
    ]) {
      const { status, body } = await send("POST", PODS, "{}", { "content-type": type });
      expect(status, type).toBe(415);
      expect(body.message).toContain("accepted media types include: application/json, application/yaml");
    }
    const compressed = await send("POST", PODS, "{}", { "content-encoding": "gzip" });
    expect(compressed.status).toBe(415);
  });

  it("limit the size of bodies and patches", async () => {
    const { send } = await createInMemoryServer();
    const huge = await send("POST", PODS, JSON.stringify({ padding: "x".repeat(3 * 1024 * 1024) }));
    expect(huge.body).toMatchObject({ code: 413, reason: "RequestEntityTooLarge" });
    const operations = Array.from({ length: 10_001 }, () => ({ op: "test", path: "/kind", value: "Pod" }));
    const patch = { "content-type": "application/json-patch+json" };
    expect((await send("PATCH", `${PODS}/a`, operations, patch)).status).toBe(413);
    for (const bad of [
      {},
      [1],
      [{ op: "eat", path: "/a" }],
      [{ op: "add" }],
      [{ op: "move", path: "/a", from: 1 }],
    ]) {
      const { status } = await send("PATCH", `${PODS}/a`, bad, patch);
      expect(status, JSON.stringify(bad)).toBeLessThan(500);
    }
  });

  it("never show what the server's own failures look like inside", async () => {
    const server = await createInMemoryServer();
    const broken = breakCreate(server);
    const { status, body } = await server.send("POST", PODS, pod("web"));
    expect(status).toBe(500);
    expect(body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Internal error occurred",
      reason: "InternalError",
      code: 500,
    });
    expect(server.failures).toEqual([broken]);
  });

  it("say that a pod is not there; one that runs nowhere has said nothing", async () => {
    const { send, fetch } = await createInMemoryServer();
    expect((await send("GET", `${PODS}/web/log`)).body.message).toBe('pods "web" not found');
    await send("POST", PODS, pod("web"));
    const log = await fetch(`${PODS}/web/log`);
    expect([log.status, await log.text()]).toEqual([200, ""]);
    expect((await send("GET", `${PODS}/web/exec`)).body.message).toBe("Upgrade request required");
    expect((await send("GET", `${PODS}/web/nonsense`)).body.code).toBe(404);
  });
});

describe("every answer", () => {
  it("forbids sniffing and shared caching, and never allows another origin", async () => {
    const { fetch } = await createInMemoryServer();
    for (const path of ["/api/v1/nodes", "/healthz", "/version", "/apis", "/nowhere", "/openapi/v2"]) {
      const { headers } = await fetch(path);
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("is told to the request log", async () => {
    const seen: string[] = [];
    const onRequest = ({ method, path, status }: { method: string; path: string; status: number }) =>
      void seen.push(`${method} ${path} ${status}`);
    const { fetch } = await createInMemoryServer({ onRequest });
    await fetch("/api/v1/nodes?limit=1");
    await fetch("/nowhere");
    expect(seen).toEqual(["GET /api/v1/nodes 200", "GET /nowhere 404"]);
  });
});

function namesOf(list: { items: { metadata: { name: string } }[] }): string[] {
  return list.items.map((item) => item.metadata.name);
}

/** Makes the next create fail as a defect would. */
function breakCreate(server: InMemoryServer): Error {
  const error = new Error("secret details of /home/somebody");
  server.objects.create = () => Promise.reject(error);
  return error;
}
