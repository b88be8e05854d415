import { HttpResponse, http, type RequestHandler } from "msw";
import { afterEach, describe, expect, it } from "vitest";
import { ApiError } from "../../src/api/errors.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import { ServerUnreachable } from "../../src/client/errors.ts";
import { RemoteObjects } from "../../src/client/remote-objects.ts";
import { Transport } from "../../src/client/transport.ts";
import { Home, type Outcome } from "../cli/program.ts";
import { type ForeignServer, startForeignServer } from "./foreign-server.ts";

const LIST = "*/api/v1/nodes";
const NODE = "*/api/v1/nodes/:name";
const PAGE = "<!doctype html><title>Welcome</title>";
const version = http.get("*/version", () => HttpResponse.json({ gitVersion: "v1.31.2", major: "1" }));
const noPods = http.get("*/api/v1/pods", () => HttpResponse.json({ ...emptyList, kind: "PodList" }));
const emptyList = { kind: "NodeList", apiVersion: "v1", metadata: { resourceVersion: "7" }, items: [] };

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function foreign(...handlers: RequestHandler[]): Promise<ForeignServer> {
  const server = await startForeignServer(...handlers);
  closers.push(() => server.close());
  return server;
}

/** `kubesim nodes list` of the whole program against a server; it must start none of its own. */
async function listNodes({ url }: ForeignServer): Promise<Outcome> {
  const home = new Home();
  closers.push(() => home.remove());
  return home.run(["nodes", "list", "--server", url]);
}

async function objectsOf(...handlers: RequestHandler[]): Promise<RemoteObjects> {
  const transport = new Transport({ url: (await foreign(...handlers)).url, token: "secret" });
  closers.push(() => transport.close());
  return new RemoteObjects(transport);
}

const node = { name: "a" };
const failed = (message: string, extra: object = {}) =>
  ({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, ...extra }) as const;

describe("a server that is foreign or broken", () => {
  it.each<[what: string, code: number, says: RegExp, handlers: RequestHandler[]]>([
    [
      "answers every path with a page",
      3,
      /is not a Kubernetes API/,
      [http.all("*", () => HttpResponse.html(PAGE))],
    ],
    [
      "has another kind of /version",
      3,
      /is not a Kubernetes API: it does not tell its version/,
      [http.get("*/version", () => HttpResponse.json({ version: "2.4.1" }))],
    ],
    [
      "asks for a login",
      1,
      /Unauthorized.*token/s,
      [version, noPods, http.get(LIST, () => HttpResponse.text("no", { status: 401 }))],
    ],
    ["knows no nodes", 1, /could not find the requested resource/, [version, noPods]],
    [
      "shows a page where a list should be",
      3,
      /status 200 and no JSON/,
      [version, noPods, http.get(LIST, () => HttpResponse.html(PAGE))],
    ],
    [
      "shows a page of its proxy",
      3,
      /status 502 and no JSON/,
      [version, noPods, http.get(LIST, () => HttpResponse.html(PAGE, { status: 502 }))],
    ],
    [
      "answers JSON of something else",
      3,
      /JSON that is no list of Kubernetes objects/,
      [version, noPods, http.get(LIST, () => HttpResponse.json({ hello: "world" }))],
    ],
    [
      "answers null",
      3,
      /JSON that is no list/,
      [version, noPods, http.get(LIST, () => HttpResponse.json(null))],
    ],
    [
      "ends its JSON in the middle",
      3,
      /status 200 and no JSON/,
      [version, noPods, http.get(LIST, () => HttpResponse.text(JSON.stringify(emptyList).slice(0, 40)))],
    ],
    ["dies while it answers", 3, /the connection broke/, [version, noPods, http.get(LIST, () => dying())]],
    [
      "fails in plain text",
      1,
      /the server answered with status 500: boom: disk on fire/,
      [
        version,
        noPods,
        http.get(LIST, () => HttpResponse.text("boom: disk on fire\nat line 3\n", { status: 500 })),
      ],
    ],
    [
      "gives a reason that nobody knows",
      1,
      /short and stout/,
      [
        version,
        noPods,
        http.get(LIST, () =>
          HttpResponse.json(failed("short and stout", { reason: "Teapot", code: 418 }), { status: 418 }),
        ),
      ],
    ],
    [
      "is busy",
      1,
      /too many requests.*in a moment/s,
      [
        version,
        noPods,
        http.get(LIST, () =>
          HttpResponse.json(failed("too many requests", { reason: "TooManyRequests", code: 429 }), {
            status: 429,
            headers: { "retry-after": "1" },
          }),
        ),
      ],
    ],
  ])("that %s: exit code %d", async (_what, code, says, handlers) => {
    const server = await foreign(...handlers);
    const outcome = await listNodes(server);
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr).toMatch(/^ *hint: /m);
    expect(outcome.stderr).not.toMatch(/kubesim itself failed|at .*:\d+:\d+/);
    expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
    expect(server.requests.every((line) => line.startsWith("GET "))).toBe(true);
  });

  it("that sends us elsewhere is not followed, and elsewhere sees no token", async () => {
    const elsewhere = await foreign(
      version,
      http.get(LIST, () => HttpResponse.json(emptyList)),
    );
    const to = (path: string) => HttpResponse.redirect(`${elsewhere.url}${path}`, 302);
    const outcome = await listNodes(
      await foreign(
        version,
        http.get(LIST, () => to("/api/v1/nodes")),
      ),
    );
    expect([outcome.code, outcome.stdout]).toEqual([3, ""]);
    expect(outcome.stderr).toContain("status 302 and no JSON");
    const atOnce = await listNodes(await foreign(http.get("*/version", () => to("/version"))));
    expect([atOnce.code, atOnce.stderr]).toEqual([3, expect.stringContaining("status 302")]);
    expect(elsewhere.requests).toEqual([]);
  });

  it("that is another Kubernetes is worked as far as it goes", async () => {
    const item = { metadata: { name: "real-1", uid: "u", resourceVersion: "3" }, spec: {}, status: {} };
    const list = { ...emptyList, items: [item] };
    const outcome = await listNodes(
      await foreign(
        version,
        noPods,
        http.get(LIST, () => HttpResponse.json(list)),
      ),
    );
    expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
    expect(outcome.stdout).toContain("real-1");
  });
});

describe("objects of a server that is foreign or broken", () => {
  it("a busy one says for how long, and a write is sent once", async () => {
    let asked = 0;
    const details = { retryAfterSeconds: 7 };
    const objects = await objectsOf(
      http.delete(NODE, () => {
        asked++;
        return HttpResponse.json(failed("busy", { reason: "TooManyRequests", code: 429, details }), {
          status: 429,
        });
      }),
    );
    const error = await objects.delete(nodes, node).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ reason: "TooManyRequests", message: "busy", details });
    expect(asked).toBe(1);
  });

  it("one that dies in a write leaves its outcome open, and is not asked again", async () => {
    let asked = 0;
    const objects = await objectsOf(
      http.delete(NODE, () => {
        asked++;
        return dying();
      }),
    );
    const error = await objects.delete(nodes, node).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServerUnreachable);
    expect((error as Error).message).toContain("whether the change was made is not known");
    expect(asked).toBe(1);
  });

  it("one that dies in a read is asked again", async () => {
    let asked = 0;
    const answer = { kind: "Node", apiVersion: "v1", metadata: { name: "a" }, spec: {}, status: {} };
    const objects = await objectsOf(
      http.get(NODE, () => (++asked < 3 ? dying() : HttpResponse.json(answer))),
    );
    expect(await objects.get(nodes, node)).toEqual(answer);
    expect(asked).toBe(3);
  });

  it.each([
    ["a page", PAGE, /a watch event that cannot be read/],
    ["null", "null", /a watch event that cannot be read/],
    ["an event without an object", '{"type":"ADDED"}', /a watch event that cannot be read/],
    ["an event that is cut off", '{"type":"ADDED","object":{"metad', /a watch event that cannot be read/],
    [
      "an error with an unknown reason",
      JSON.stringify(errorEvent("Teapot", 410)),
      /too old resource version/,
    ],
  ])("a watch that brings %s is closed with a clear error, once", async (_what, line, says) => {
    const objects = await objectsOf(http.get(LIST, () => HttpResponse.text(`${line}\n${line}\n`)));
    const ends: unknown[] = [];
    await new Promise<void>((resolve) => {
      objects.watch(
        nodes,
        {},
        { events: (batch) => ends.push(batch), closed: (error) => resolve(void ends.push(error)) },
      );
    });
    expect(ends).toEqual([expect.any(ApiError)]);
    expect((ends[0] as Error).message).toMatch(says);
  });

  it("a watch that breaks off in the middle of an event says that the connection broke", async () => {
    const objects = await objectsOf(http.get(LIST, () => dying('{"type":"ADDED","object":{"metad')));
    const error = await new Promise((resolve) => {
      objects.watch(nodes, {}, { events: () => {}, closed: resolve });
    });
    expect(error).toMatchObject({ exitCode: 3, message: expect.stringContaining("the connection broke") });
  });
});

/** The beginning of an answer, and then the end of the connection. */
function dying(beginning = '{"kind":"NodeList","apiVer'): HttpResponse<ReadableStream> {
  let sent = false;
  const body = new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new Error("gone"));
      else controller.enqueue(new TextEncoder().encode(beginning));
      sent = true;
    },
  });
  return new HttpResponse(body, { headers: { "content-type": "application/json" } });
}

function errorEvent(reason: string, code: number) {
  return { type: "ERROR", object: failed("too old resource version", { reason, code }) };
}
