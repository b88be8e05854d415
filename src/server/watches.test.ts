import { describe, expect, it } from "vitest";
import {
  createInMemoryServer,
  eventsOf,
  type InMemoryServer,
  type Json,
  pod,
  take,
} from "../../test/in-memory-server.ts";
import type { Kind } from "../api/kind.ts";
import { pods } from "../api/kinds/pod.ts";
import { WatchStream } from "./watches.ts";

const PODS = "/api/v1/namespaces/default/pods";
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

async function serverWith(...names: string[]): Promise<InMemoryServer> {
  const server = await createInMemoryServer();
  for (const name of names) await server.send("POST", PODS, pod(name, { app: name }));
  return server;
}

function summary(events: Json[]): string[] {
  return events.map(({ type, object }) => `${type} ${object.metadata.name ?? object.kind}`);
}

describe("watch", () => {
  it("starts with what there is, then tells what happens", async () => {
    const { fetch, send } = await serverWith("a", "b");
    const events = eventsOf(await fetch(`${PODS}?watch=true&resourceVersion=0`));
    expect(summary(await take(events, 2))).toEqual(["ADDED a", "ADDED b"]);
    await send("POST", PODS, pod("c"));
    const created = (await take(events, 1))[0];
    expect(created.object).toMatchObject({ kind: "Pod", apiVersion: "v1", metadata: { name: "c" } });
    const { body } = await send("DELETE", `${PODS}/a?gracePeriodSeconds=0`);
    const [deleted] = await take(events, 1);
    expect(deleted.type).toBe("DELETED");
    expect(Number(deleted.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(created.object.metadata.resourceVersion),
    );
    expect(body).toBeTruthy();
    await events.return(undefined);
  });

  it("goes on from a version: nothing twice, nothing missed", async () => {
    const { fetch, send, get } = await serverWith("a");
    const { resourceVersion } = (await get(PODS)).metadata;
    await send("POST", PODS, pod("b"));
    const events = eventsOf(await fetch(`${PODS}?watch=1&resourceVersion=${resourceVersion}`));
    await send("POST", PODS, pod("c"));
    expect(summary(await take(events, 2))).toEqual(["ADDED b", "ADDED c"]);
    await events.return(undefined);
  });

  it("ends the initial events with a marked bookmark", async () => {
    const { fetch } = await serverWith("a");
    const query =
      "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    const events = eventsOf(await fetch(`${PODS}?${query}`));
    const [added, bookmark] = await take(events, 2);
    expect(added.type).toBe("ADDED");
    expect(bookmark).toEqual({
      type: "BOOKMARK",
      object: {
        kind: "Pod",
        apiVersion: "v1",
        metadata: {
          resourceVersion: expect.stringMatching(/^\d+$/),
          creationTimestamp: null,
          annotations: { "k8s.io/initial-events-end": "true" },
        },
      },
    });
    await events.return(undefined);
  });

  it("refuses options that make no sense, as errors and not as streams", async () => {
    const { get } = await serverWith();
    for (const [query, code] of [
      ["sendInitialEvents=true", 422],
      ["sendInitialEvents=true&resourceVersionMatch=Exact", 422],
      ["resourceVersionMatch=NotOlderThan", 422],
      ["resourceVersion=abc", 400],
      ["fieldSelector=no.such%3D1", 400],
      ["labelSelector=%3D%3D", 400],
      ["timeoutSeconds=soon", 400],
    ] as const) {
      expect((await get(`${PODS}?watch=true&${query}`)).code, query).toBe(code);
    }
  });

  it("starts now when initial events are declined", async () => {
    const { fetch, send } = await serverWith("a");
    const query = "watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan";
    const events = eventsOf(await fetch(`${PODS}?${query}`));
    await send("POST", PODS, pod("b"));
    expect(summary(await take(events, 1))).toEqual(["ADDED b"]);
    await events.return(undefined);
  });

  it("of one object tells of no other", async () => {
    const { fetch, send } = await serverWith("a", "b");
    const byName = eventsOf(await fetch(`${PODS}/b?watch=true`));
    const merge = { "content-type": "application/merge-patch+json" };
    await send("PATCH", `${PODS}/a`, { metadata: { labels: { x: "y" } } }, merge);
    await send("PATCH", `${PODS}/b`, { metadata: { labels: { x: "y" } } }, merge);
    expect(summary(await take(byName, 2))).toEqual(["ADDED b", "MODIFIED b"]);
    await byName.return(undefined);
  });

  it("as a table defines the columns in its first event only", async () => {
    const { fetch } = await serverWith("a", "b");
    const events = eventsOf(await fetch(`${PODS}?watch=true`, { headers: { accept: TABLE } }));
    const [first, second] = await take(events, 2);
    expect(first.object.columnDefinitions).toHaveLength(9);
    expect(first.object.rows[0].cells[0]).toBe("a");
    expect(second.object.columnDefinitions).toBeNull();
    expect(second.object.rows[0].cells[0]).toBe("b");
    await events.return(undefined);
  });

  it("tells of a version that is too old or not there yet as an ERROR event, and ends", async () => {
    const { fetch } = await serverWith("a");
    const events = eventsOf(await fetch(`${PODS}?watch=true&resourceVersion=99999`));
    const [error] = await take(events, 1);
    expect(error).toMatchObject({ type: "ERROR", object: { kind: "Status", code: 504 } });
    expect((await events.next()).done).toBe(true);
  });

  it("ends cleanly after timeoutSeconds, or by itself after half an hour to an hour", async () => {
    const { fetch, clock, handler } = await serverWith();
    const short = eventsOf(await fetch(`${PODS}?watch=true&timeoutSeconds=5`));
    const long = eventsOf(await fetch(`${PODS}?watch=true`));
    expect(handler.openWatches).toBe(2);
    await clock.advance(5_000);
    expect((await short.next()).done).toBe(true);
    expect(handler.openWatches).toBe(1);
    await clock.advance(29 * 60_000);
    expect(handler.openWatches).toBe(1);
    await clock.advance(31 * 60_000);
    expect((await long.next()).done).toBe(true);
    expect(handler.openWatches).toBe(0);
  });

  it("sends bookmarks about once a minute to who wants them", async () => {
    const { fetch, clock } = await serverWith();
    const wanted = eventsOf(await fetch(`${PODS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=100`));
    const unwanted = eventsOf(await fetch(`${PODS}?watch=true&timeoutSeconds=100`));
    await clock.advance(100_000);
    const [bookmark] = await take(wanted, 1);
    expect(bookmark).toMatchObject({ type: "BOOKMARK", object: { kind: "Pod" } });
    expect((await wanted.next()).done).toBe(true);
    expect((await unwanted.next()).done).toBe(true);
  });

  it("is forgotten when the client leaves", async () => {
    const { fetch, handler } = await serverWith("a");
    const events = eventsOf(await fetch(`${PODS}?watch=true`));
    await take(events, 1);
    await events.return(undefined);
    expect(handler.openWatches).toBe(0);
  });

  it("is refused with 429 when too many are open, and ended with the server", async () => {
    const server = await createInMemoryServer({ watchesMax: 1 });
    const events = eventsOf(await server.fetch(`${PODS}?watch=true`));
    const refused = await server.fetch(`${PODS}?watch=true`);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
    server.handler.endWatches();
    expect((await events.next()).done).toBe(true);
    expect((await server.fetch(`${PODS}?watch=true&timeoutSeconds=1`)).status).toBe(200);
  });

  it("never compresses", async () => {
    const { fetch } = await serverWith("a");
    const response = await fetch(`${PODS}?watch=true`, { headers: { "accept-encoding": "gzip" } });
    expect(response.headers.get("content-encoding")).toBeNull();
    await response.body?.cancel();
  });
});

describe("a watcher that does not read", () => {
  it("is closed with 410 instead of being fed a gap", async () => {
    const { objects, clock, fetch, send } = await serverWith();
    const response = await fetch(`${PODS}?watch=true&resourceVersion=0`);
    const filler = "x".repeat(200_000);
    for (let index = 0; index < 60; index++) {
      const big = {
        ...pod(`big-${String(index).padStart(2, "0")}`),
        metadata: { name: `big-${index}`, annotations: { filler } },
      };
      expect((await send("POST", PODS, big)).status).toBe(201);
    }
    const seen: Json[] = [];
    for await (const event of eventsOf(response)) seen.push(event);
    const last = seen.at(-1);
    expect(last).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } });
    const versions = seen.slice(0, -1).map((event) => Number(event.object.metadata.resourceVersion));
    const all = (await objects.list(pods)).items
      .map((item) => Number(item.metadata.resourceVersion))
      .sort((a, b) => a - b);
    expect(versions).toEqual(all.slice(0, versions.length));
    expect(versions.length).toBeLessThan(60);
    await clock.settle();
  });
});

describe("WatchStream", () => {
  it("breaks off, and says so, when an event cannot be encoded", async () => {
    const failures: unknown[] = [];
    const calls: string[] = [];
    const ready: (() => void)[] = [];
    const { clock } = await createInMemoryServer();
    const broken = new Error("broken view");
    const stream = new WatchStream({
      kind: pods as unknown as Kind,
      outlet: {
        isFull: false,
        write: () => void calls.push("write"),
        end: () => void calls.push("end"),
        destroy: () => void calls.push("destroy"),
        onReady: (callback) => void ready.push(callback),
        onClose: () => undefined,
      },
      view: {
        id: "broken",
        marksFirst: false,
        listTail: "",
        single: () => "",
        listHead: () => "",
        item: () => "",
        bookmark: () => "",
        eventObject: () => {
          throw broken;
        },
      },
      clock,
      onEnd: () => void calls.push("over"),
      onError: (error) => void failures.push(error),
    });
    stream.start((observer) => {
      queueMicrotask(() => observer.events([{ type: "ADDED", object: pod("a") }]));
      return { close: () => void calls.push("closed") };
    }, 1_000);
    await Promise.resolve();
    for (const callback of ready) callback();
    expect(failures).toEqual([broken]);
    expect(calls).toEqual(["destroy", "closed", "over"]);
  });
});
