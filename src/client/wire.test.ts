import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { codeOf } from "./errors.ts";
import { PlainWire } from "./plain-wire.ts";
import { Transport } from "./transport.ts";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that notes the paths it is asked for, and the connections it is asked on. */
async function remote() {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ path: request.url }));
  });
  let connections = 0;
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const transport = new Transport({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  closers.push(
    () => transport.close(),
    () => server.closeAllConnections(),
    () => void server.close(),
  );
  return { transport, paths, connections: () => connections };
}

describe("the way to a server", () => {
  it("asks one question after the other on one connection", async () => {
    const { transport, connections } = await remote();
    for (let turn = 0; turn < 5; turn++) await transport.request("GET", `/${turn}`);
    expect(connections()).toBe(1);
  });

  it("keeps creations in order while few become many", async () => {
    const { transport, paths } = await remote();
    await transport.request("POST", "/first", { body: {} });
    const wanted = Array.from({ length: 200 }, (_, place) => `/${place}`);
    const answers = await Promise.all(wanted.map((path) => transport.request("POST", path, { body: {} })));
    expect(answers.map(({ body }) => body)).toEqual(wanted.map((path) => ({ path })));
    expect(paths).toEqual(["/first", ...wanted]);
  });

  it("answers many reads at once, each with its own", async () => {
    const { transport, connections } = await remote();
    const wanted = Array.from({ length: 300 }, (_, place) => `/${place}`);
    const answers = await Promise.all(wanted.map((path) => transport.request("GET", path)));
    expect(answers.map(({ body }) => body)).toEqual(wanted.map((path) => ({ path })));
    expect(connections()).toBeLessThan(50);
  });

  it("keeps its connections when it deletes many", async () => {
    const { transport, connections } = await remote();
    const body = { kind: "DeleteOptions", gracePeriodSeconds: 0 };
    const deletions = Array.from({ length: 300 }, (_, place) =>
      transport.request("DELETE", `/${place}`, { body }),
    );
    for (const { status } of await Promise.all(deletions)) expect(status).toBe(200);
    expect(connections()).toBeLessThan(50);
  });

  it("gives up what listens and never shakes hands, and an answer that stops midway", async () => {
    const silent = createTcpServer(() => {});
    const halting = createServer((_request, response) => void response.write("x"));
    const limits = { connections: 1, connectTimeoutMs: 30, headersTimeoutMs: 600_000, bodyTimeoutMs: 30 };
    for (const [server, scheme] of [[silent, "https"] as const, [halting, "http"] as const]) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const wire = new PlainWire(`${scheme}://127.0.0.1:${port}`, limits);
      closers.push(
        () => wire.destroy(),
        () => void server.close(),
      );
      const error = await new Promise<Error>((resolve) => {
        wire.dispatch(
          { path: "/", method: "GET" },
          { onResponseError: (_controller, thrown) => resolve(thrown) },
        );
      });
      expect(codeOf(error)).toBe("ETIMEDOUT");
    }
  });

  it("fails what is under way, and what waits, when it is closed", async () => {
    const server = createServer(() => {});
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const transport = new Transport({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    closers.push(
      () => server.closeAllConnections(),
      () => void server.close(),
    );
    const asked = Array.from({ length: 20 }, () => transport.request("GET", "/", { retries: 0 }));
    const failures = Promise.allSettled(asked);
    await transport.close();
    for (const { status } of await failures) expect(status).toBe("rejected");
    await expect(transport.request("GET", "/", { retries: 0 })).rejects.toThrow("Couldn't reach");
  });
});
