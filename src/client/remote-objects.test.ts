import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ApiError } from "../api/errors.ts";
import { leases } from "../api/kinds/lease.ts";
import { nodes } from "../api/kinds/node.ts";
import { type Pod, pods } from "../api/kinds/pod.ts";
import type { WatchEvent } from "../api/objects.ts";
import { ServerUnreachable } from "./errors.ts";
import { RemoteObjects } from "./remote-objects.ts";
import { Transport } from "./transport.ts";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

type Reply = (request: Seen, response: ServerResponse) => void;

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real HTTP server that notes what it is asked and answers as the test says. */
async function remote(reply: Reply, prefix = "") {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const one = {
      method: request.method ?? "",
      url: request.url ?? "",
      type: request.headers["content-type"],
      authorization: request.headers.authorization,
      body: await bodyOf(request),
    };
    seen.push(one);
    reply(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const transport = new Transport({ url: `http://127.0.0.1:${port}${prefix}`, token: "secret" });
  closers.push(
    () => transport.close(),
    () => server.closeAllConnections(),
    () => void server.close(),
  );
  return { objects: new RemoteObjects(transport), seen, transport };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? undefined : JSON.parse(text);
}

const json = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a", namespace: "n" },
  spec: { containers: [] },
};
const key = { namespace: "n", name: "a" };
const echo: Reply = (_request, response) => json(response, 200, pod);

describe("RemoteObjects asks as Kubernetes expects", () => {
  it("uses the path of the core group, of other groups and of subresources", async () => {
    const { objects, seen } = await remote(echo);
    await objects.get(pods, key);
    await objects.get(leases, { namespace: "kube-node-lease", name: "node-1" });
    await objects.get(nodes, { name: "n/../1" });
    await objects.update(pods, pod as unknown as Pod, { subresource: "status", dryRun: true });
    await objects.act(pods as never, key, "binding", { target: 1 });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /api/v1/namespaces/n/pods/a",
      "GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-1",
      "GET /api/v1/nodes/n%2F..%2F1",
      "PUT /api/v1/namespaces/n/pods/a/status?dryRun=All",
      "POST /api/v1/namespaces/n/pods/a/binding",
    ]);
    expect(seen[0]?.authorization).toBe("Bearer secret");
    expect(seen[4]?.body).toEqual({ target: 1 });
  });

  it("keeps a path in front of the API", async () => {
    const { objects, seen } = await remote(echo, "/k8s/clusters/one/");
    await objects.get(pods, key);
    expect(seen[0]?.url).toBe("/k8s/clusters/one/api/v1/namespaces/n/pods/a");
  });

  it("sends selectors, paging and write options as query parameters", async () => {
    const { objects, seen } = await remote((request, response) =>
      json(
        response,
        200,
        request.method === "GET" ? { metadata: { resourceVersion: "7" }, items: null } : pod,
      ),
    );
    const options = {
      labelSelector: "a in (b,c)",
      fieldSelector: "spec.nodeName=x",
      limit: 5,
      continue: "t/+=",
    };
    const list = await objects.list(pods, options);
    await objects.create(pods, pod as never, {
      replaces: "uid-1",
      fieldManager: "me",
      fieldValidation: "Strict",
      dryRun: true,
    });
    expect(list).toEqual({ resourceVersion: "7", items: [] });
    expect(seen[0]?.url).toBe(
      "/api/v1/pods?labelSelector=a%20in%20(b%2Cc)&fieldSelector=spec.nodeName%3Dx&limit=5&continue=t%2F%2B%3D",
    );
    expect(seen[1]?.url).toBe(
      "/api/v1/namespaces/n/pods?dryRun=All&fieldManager=me&fieldValidation=Strict&replaces=uid-1",
    );
  });

  it("names each kind of patch by its media type, and puts delete options in the body", async () => {
    const { objects, seen } = await remote(echo);
    await objects.patch(pods, key, { type: "json", operations: [{ op: "remove", path: "/x" }] });
    await objects.patch(pods, key, { type: "merge", patch: { a: 1 } });
    await objects.patch(pods, key, { type: "strategic", patch: { a: 1 } });
    await objects.delete(pods, key, { gracePeriodSeconds: 0, preconditions: { uid: "u" }, dryRun: true });
    expect(seen.slice(0, 3).map(({ type }) => type)).toEqual([
      "application/json-patch+json",
      "application/merge-patch+json",
      "application/strategic-merge-patch+json",
    ]);
    expect(seen[3]?.body).toEqual({
      kind: "DeleteOptions",
      apiVersion: "v1",
      gracePeriodSeconds: 0,
      preconditions: { uid: "u" },
      dryRun: ["All"],
    });
  });

  it("refuses a namespaced key without namespace before it asks", async () => {
    const { objects, seen } = await remote(echo);
    await expect(objects.get(pods, { name: "a" })).rejects.toMatchObject({ reason: "BadRequest" });
    const lost = { ...pod, metadata: { name: "a" } };
    await expect(objects.create(pods, lost as never)).rejects.toMatchObject({ reason: "BadRequest" });
    expect(seen).toEqual([]);
  });
});

describe("RemoteObjects reads answers", () => {
  it("fills in the types that Kubernetes leaves out of list items", async () => {
    const { objects } = await remote((_request, response) =>
      json(response, 200, {
        metadata: { resourceVersion: "9", continue: "more", remainingItemCount: 3 },
        items: [{ metadata: pod.metadata }],
      }),
    );
    const list = await objects.list(pods);
    expect(list).toMatchObject({ resourceVersion: "9", continue: "more", remainingItemCount: 3 });
    expect(list.items[0]).toEqual({ apiVersion: "v1", kind: "Pod", metadata: pod.metadata });
  });

  it("makes the very ApiError that a Status was made from", async () => {
    const error = new ApiError("AlreadyExists", 'pods "a" already exists', { name: "a", kind: "pods" });
    const { objects } = await remote((_request, response) => json(response, error.code, error.toStatus()));
    const caught: unknown = await objects.create(pods, pod as never).catch((thrown: unknown) => thrown);
    expect(caught).toBeInstanceOf(ApiError);
    expect((caught as ApiError).toStatus()).toEqual(error.toStatus());
  });

  it("falls back to the HTTP code where the reason is unknown or there is no Status", async () => {
    const answers: Reply[] = [
      (_request, response) => json(response, 409, { kind: "Status", reason: "Strange", message: "m" }),
      (_request, response) => response.writeHead(404).end("404 page not found"),
      (_request, response) => response.writeHead(503).end(),
    ];
    const { objects } = await remote((request, response) => answers.shift()?.(request, response));
    await expect(objects.get(pods, key)).rejects.toMatchObject({ reason: "Conflict", message: "m" });
    await expect(objects.get(pods, key)).rejects.toMatchObject({ reason: "NotFound" });
    await expect(objects.get(pods, key)).rejects.toMatchObject({ reason: "ServiceUnavailable" });
  });

  it("tells a server that is no Kubernetes by its HTML", async () => {
    const { objects } = await remote((_request, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>hello</html>"),
    );
    const error: unknown = await objects.list(pods).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServerUnreachable);
    expect((error as ServerUnreachable).exitCode).toBe(3);
  });

  it("hands warnings on, unquoted", async () => {
    const { objects } = await remote((_request, response) =>
      json(response, 201, pod, { warning: ['299 - "unknown field \\"spec.x\\""', '299 - "two"'] }),
    );
    const warnings: string[] = [];
    await objects.create(pods, pod as never, { onWarning: (text) => warnings.push(text) });
    expect(warnings).toEqual(['unknown field "spec.x"', "two"]);
  });
});

describe("RemoteObjects when the connection fails", () => {
  it("repeats a read whose connection broke, and never a write", async () => {
    let broken = 0;
    const { objects, seen } = await remote((request, response) => {
      if (request.method === "GET" && broken++ > 0) json(response, 200, pod);
      else response.socket?.destroy();
    });
    await expect(objects.get(pods, key)).resolves.toEqual(pod);
    const error: unknown = await objects.create(pods, pod as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServerUnreachable);
    expect((error as Error).message).toContain("whether the change was made is not known");
    expect((error as Error).cause).toBeDefined();
    expect(seen.map(({ method }) => method)).toEqual(["GET", "GET", "POST"]);
  });

  it("sends no creation twice that was under way behind one whose connection broke", async () => {
    const { objects, seen } = await remote((_request, response) => {
      // The first goes alone; those behind it go together.
      if (seen.length === 1) json(response, 201, pod);
      // A queued answer has no socket of its own yet.
      if (seen.length === 4) response.req.socket.destroy();
    });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => objects.create(pods, pod as never)));
    const rejected = ["rejected", "rejected", "rejected"];
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", ...rejected]);
    expect(seen).toHaveLength(4);
  });

  it("repeats anything that was refused, until somebody listens", async () => {
    const { transport, objects } = await remote((_request, response) => json(response, 201, pod));
    const port = Number(new URL(transport.url).port);
    // Free the port, and listen there again while the client waits to repeat its request.
    await closers.pop()?.();
    const blocked = createServer((_request, response) => json(response, 201, pod));
    closers.push(
      () => blocked.closeAllConnections(),
      () => void blocked.close(),
    );
    const creation = objects.create(pods, pod as never);
    await new Promise((resolve) => setTimeout(resolve, 30));
    blocked.listen(port, "127.0.0.1");
    await expect(creation).resolves.toEqual(pod);
  });

  it("says that nothing listens", async () => {
    const probe = createTcpServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const transport = new Transport({ url: `https://127.0.0.1:${port}` });
    closers.push(() => transport.close());
    await expect(new RemoteObjects(transport).get(pods, key)).rejects.toMatchObject({
      name: "ServerUnreachable",
      message: `Couldn't reach the server at https://127.0.0.1:${port}: nothing listens there`,
    });
  });
});

describe("RemoteObjects watches", () => {
  const event = (type: string, name: string) => ({
    type,
    object: { ...pod, metadata: { name, resourceVersion: "3" } },
  });

  /** Watches a server that writes the given pieces, and resolves when the watch has ended. */
  async function watched(pieces: readonly (string | Buffer)[], status = 200, breaks = false) {
    const { objects, seen } = await remote(async (_request, response) => {
      response.writeHead(status, { "content-type": "application/json" });
      for (const piece of pieces) {
        response.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (breaks) response.socket?.destroy();
      else response.end();
    });
    const events: WatchEvent<Pod>[] = [];
    const error = await new Promise<ApiError | undefined>((resolve) => {
      const options = { namespace: "n", resourceVersion: "2", bookmarks: true, sendInitialEvents: true };
      objects.watch(pods, options, { events: (batch) => events.push(...batch), closed: resolve });
    });
    return { events, error, seen };
  }

  it("puts events together however the bytes are cut, also inside a character", async () => {
    const text = ["ADDED", "MODIFIED", "DELETED"]
      .map((type) => `${JSON.stringify(event(type, "ä-€-😀"))}\n`)
      .join("");
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 37) }, (_, index) =>
      bytes.subarray(index * 37, index * 37 + 37),
    );
    const { events, error, seen } = await watched(pieces);
    expect(error).toBeUndefined();
    expect(events).toEqual([
      event("ADDED", "ä-€-😀"),
      event("MODIFIED", "ä-€-😀"),
      event("DELETED", "ä-€-😀"),
    ]);
    expect(seen[0]?.url).toBe(
      "/api/v1/namespaces/n/pods?watch=true&resourceVersion=2&allowWatchBookmarks=true" +
        "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan",
    );
  });

  it("reads bookmarks, and knows the one that ends the initial events", async () => {
    const bookmark = (annotations?: object) =>
      `${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "8", annotations } } })}\n`;
    const { events } = await watched([bookmark({ "k8s.io/initial-events-end": "true" }) + bookmark()]);
    expect(events).toEqual([
      { type: "BOOKMARK", resourceVersion: "8", initial: true },
      { type: "BOOKMARK", resourceVersion: "8", initial: false },
    ]);
  });

  it("ends with Expired, whether it comes in the stream or as the answer", async () => {
    const status = new ApiError("Expired", "too old resource version: 2 (5)").toStatus();
    const within = await watched([
      `${JSON.stringify(event("ADDED", "a"))}\n${JSON.stringify({ type: "ERROR", object: status })}\n`,
    ]);
    expect(within.events).toHaveLength(1);
    expect(within.error).toMatchObject({ reason: "Expired", message: "too old resource version: 2 (5)" });
    const answered = await watched([JSON.stringify(status)], 410);
    expect(answered.error).toMatchObject({ reason: "Expired" });
  });

  it("ends with ServerUnreachable when the connection breaks", async () => {
    const { error, events } = await watched([`${JSON.stringify(event("ADDED", "a"))}\n`], 200, true);
    expect(error).toBeInstanceOf(ServerUnreachable);
    expect(events).toHaveLength(1);
  });

  it("is silent once it was closed", async () => {
    let calls = 0;
    const { objects } = await remote((_request, response) => {
      const timer = setInterval(() => response.write(`${JSON.stringify(event("ADDED", "a"))}\n`), 2);
      response.on("close", () => clearInterval(timer));
      response.writeHead(200);
    });
    const count = () => void calls++;
    const watch = await new Promise<{ close(): void }>((resolve) => {
      const handle = objects.watch(
        pods,
        {},
        {
          events: () => {
            count();
            resolve(handle);
          },
          closed: count,
        },
      );
    });
    watch.close();
    const before = calls;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toBe(before);
    // Closed before it was ever sent.
    objects.watch(pods, {}, { events: count, closed: count }).close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toBe(before);
  });
});
