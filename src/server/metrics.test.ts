import { expect, it } from "vitest";
import { createInMemoryServer } from "../../test/in-memory-server.ts";
import { metricsText } from "./metrics-text.ts";

it("counts requests by verb, resource and code, in Prometheus' text format", async () => {
  const server = await createInMemoryServer();
  const path = "/api/v1/namespaces/default/configmaps";
  const object = { metadata: { name: "one" }, data: {} };
  await server.send("POST", path, object);
  await server.send("POST", path, object);
  await server.get(path);
  await server.get("/api/v1/configmaps?limit=1");
  const apply = { "content-type": "application/apply-patch+yaml" };
  const draft = { apiVersion: "v1", kind: "ConfigMap", ...object };
  await server.send("PATCH", `${path}/one?fieldManager=me`, draft, apply);
  const answer = await server.fetch("/metrics");
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await answer.text();
  const counted = (code: number, scope: string, verb: string) =>
    `apiserver_request_total{code="${code}",component="apiserver",group="",resource="configmaps",` +
    `scope="${scope}",subresource="",verb="${verb}",version="v1"} 1\n`;
  expect(text).toContain("# TYPE apiserver_request_total counter\n");
  expect(text).toContain(counted(201, "namespace", "POST"));
  expect(text).toContain(counted(409, "namespace", "POST"));
  expect(text).toContain(counted(200, "namespace", "LIST"));
  expect(text).toContain(counted(200, "cluster", "LIST"));
  expect(text).toContain(counted(200, "resource", "APPLY"));
  expect(text).toContain('apiserver_longrunning_requests{verb="WATCH"} 0\n');
});

it("keeps labels on one line", () => {
  const samples = [{ labels: { why: 'a "b"\nc\\' }, value: 1.5 }];
  expect(metricsText([{ name: "m", help: "h", type: "gauge", samples }])).toBe(
    '# HELP m h\n# TYPE m gauge\nm{why="a \\"b\\"\\nc\\\\"} 1.5\n',
  );
});

it("tells health check by check when it is asked to", async () => {
  const { fetch } = await createInMemoryServer();
  const answer = async (path: string) => (await fetch(path)).text();
  expect(await answer("/readyz?verbose")).toBe("[+]ping ok\n[+]etcd ok\nreadyz check passed\n");
  expect(await answer("/livez?verbose&exclude=etcd&exclude=more")).toBe(
    "[+]ping ok\n[+]etcd excluded: ok\n" +
      'warn: some health checks cannot be excluded: no matches for "more"\nlivez check passed\n',
  );
  expect(await answer("/livez/etcd")).toBe("ok");
  expect((await fetch("/livez/other")).status).toBe(404);
});
