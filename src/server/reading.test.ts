import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, type Json, pod } from "../../test/in-memory-server.ts";

const PODS = "/api/v1/namespaces/default/pods";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

async function serverWith(...names: string[]): Promise<InMemoryServer> {
  const server = await createInMemoryServer();
  for (const name of names) await server.send("POST", PODS, pod(name, { app: name }));
  return server;
}

describe("lists", () => {
  it("carry kind, version and items, also when there are none", async () => {
    const { get } = await serverWith("b", "a");
    const list = await get(PODS);
    expect(list).toMatchObject({ kind: "PodList", apiVersion: "v1" });
    expect(list.metadata.resourceVersion).toMatch(/^\d+$/);
    expect(namesOf(list)).toEqual(["a", "b"]);
    expect((await get("/api/v1/namespaces/empty/pods")).items).toEqual([]);
    expect((await get("/apis/kubesim.dev/v1alpha1/nodefaults")).kind).toBe("NodeFaultList");
  });

  it("come in pages that together are the whole", async () => {
    const { get } = await serverWith("a", "b", "c", "d", "e");
    const seen: string[] = [];
    let token = "";
    let pages = 0;
    do {
      const page: Json = await get(`${PODS}?limit=2&continue=${encodeURIComponent(token)}`);
      seen.push(...namesOf(page));
      token = page.metadata.continue ?? "";
      pages++;
    } while (token !== "");
    expect(seen).toEqual(["a", "b", "c", "d", "e"]);
    expect(pages).toBe(3);
    expect((await get(`${PODS}?limit=2`)).metadata.remainingItemCount).toBe(3);
  });

  it("are narrowed by selectors, which must make sense", async () => {
    const { get } = await serverWith("a", "b", "c");
    expect(namesOf(await get(`${PODS}?labelSelector=app+in+(a,c)`))).toEqual(["a", "c"]);
    expect(namesOf(await get(`${PODS}?fieldSelector=metadata.name%3Db`))).toEqual(["b"]);
    expect((await get(`${PODS}?fieldSelector=no.such%3D1`)).message).toBe(
      "field label not supported: no.such",
    );
    expect((await get(`${PODS}?labelSelector=%3D%3D`)).reason).toBe("BadRequest");
    for (const query of [
      "limit=x",
      "limit=-1",
      "resourceVersion=abc",
      "continue=%%%",
      "resourceVersionMatch=Exact",
    ]) {
      const { code } = await get(`${PODS}?${query}`);
      expect([400, 410, 422], query).toContain(code);
    }
  });

  it("longer than one answer holds are streamed whole, compressed for who wants it", async () => {
    const server = await createInMemoryServer();
    const names = Array.from({ length: 400 }, (_, index) => `pod-${String(index).padStart(3, "0")}`);
    for (const name of names) await server.send("POST", PODS, pod(name, { filler: "x".repeat(60) }));
    const plain = await server.fetch(PODS);
    const text = await plain.text();
    expect(text.length).toBeGreaterThan(256 * 1024);
    expect(namesOf(JSON.parse(text))).toEqual(names);
    const zipped = await server.fetch(PODS, { headers: { "accept-encoding": "gzip" } });
    expect(zipped.headers.get("content-encoding")).toBe("gzip");
    const bytes = Buffer.from(await zipped.arrayBuffer());
    expect(gunzipSync(bytes).toString()).toBe(text);
    const refused = await server.fetch(PODS, { headers: { "accept-encoding": "gzip;q=0, br" } });
    expect(refused.headers.get("content-encoding")).toBeNull();
    await refused.body?.cancel();
    const short = await server.fetch(`${PODS}?limit=2`, { headers: { "accept-encoding": "gzip" } });
    expect(short.headers.get("content-encoding")).toBeNull();
  });
});

describe("tables", () => {
  it("have the kind's columns, a row per object and the list's metadata", async () => {
    const { get } = await serverWith("a", "b", "c");
    const table = await get(`${PODS}?limit=2`, TABLE);
    expect(table).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1" });
    expect(table.metadata).toMatchObject({ remainingItemCount: 1, continue: expect.any(String) });
    const columns = table.columnDefinitions.map(
      (column: Json) => `${column.name}${"*".repeat(column.priority)}`,
    );
    expect(columns).toEqual(
      "Name,Ready,Status,Restarts,Age,IP*,Node*,Nominated Node*,Readiness Gates*".split(","),
    );
    expect(table.columnDefinitions[0]).toMatchObject({ type: "string", format: "name" });
    expect(table.rows[0].cells.slice(0, 4)).toEqual(["a", "0/1", "Pending", "0"]);
    expect(table.rows[0].object).toMatchObject({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: { name: "a", labels: { app: "a" } },
    });
    expect(table.rows[0].object.spec).toBeUndefined();
  });

  it("hold as much of the object as was asked for", async () => {
    const { get } = await serverWith("a");
    expect((await get(`${PODS}?includeObject=Object`, TABLE)).rows[0].object.spec.containers).toHaveLength(1);
    expect((await get(`${PODS}?includeObject=None`, TABLE)).rows[0].object).toBeUndefined();
    expect((await get(`${PODS}?includeObject=Half`, TABLE)).reason).toBe("Invalid");
  });

  it("mark finished pods", async () => {
    const { send, get } = await serverWith("a", "b");
    const merge = { "content-type": "application/merge-patch+json" };
    await send("PATCH", `${PODS}/a/status`, { status: { phase: "Succeeded" } }, merge);
    const { rows } = await get(PODS, TABLE);
    expect(rows[0].conditions).toMatchObject([{ type: "Completed", status: "True", reason: "Succeeded" }]);
    expect(rows[1].conditions).toBeUndefined();
  });

  it("of one object have one row; errors stay errors", async () => {
    const { get } = await serverWith("a");
    expect((await get(`${PODS}/a`, TABLE)).rows).toHaveLength(1);
    expect((await get(`${PODS}/z`, TABLE)).kind).toBe("Status");
    const old = "application/json;as=Table;v=v1beta1;g=meta.k8s.io";
    expect((await get(PODS, old)).apiVersion).toBe("meta.k8s.io/v1beta1");
  });

  it("exist for every kind", async () => {
    const { get } = await createInMemoryServer();
    for (const path of [
      "/api/v1/nodes",
      "/api/v1/events",
      "/apis/coordination.k8s.io/v1/leases",
      "/api/v1/namespaces",
    ]) {
      const table = await get(path, TABLE);
      expect(table.columnDefinitions.length, path).toBeGreaterThan(1);
      for (const row of table.rows) expect(row.cells).toHaveLength(table.columnDefinitions.length);
    }
  });
});

describe("bare metadata", () => {
  it("comes one by one and as a list", async () => {
    const { get } = await serverWith("a");
    const one = await get(`${PODS}/a`, "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    expect(Object.keys(one).sort()).toEqual(["apiVersion", "kind", "metadata"]);
    const list = await get(PODS, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    expect(list.kind).toBe("PartialObjectMetadataList");
    expect(list.items[0]).toEqual(one);
  });
});

function namesOf(list: { items: { metadata: { name: string } }[] }): string[] {
  return list.items.map((item) => item.metadata.name);
}
