import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { get } from "node:https";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  END_HEADERS,
  END_STREAM,
  Frame,
  frame,
  headerBlock,
  openRaw,
  rawHead,
  uint32,
} from "../../../test/http2-frames.ts";
import { createInMemoryServer, type InMemoryServer, pod, TOKEN } from "../../../test/in-memory-server.ts";
import type { Outlet } from "../answer.ts";
import type { Handler } from "../handler.ts";
import { type Listening, listen } from "../listen.ts";
import { createTlsFiles, type TlsFiles } from "../tls.ts";

const PODS = "/api/v1/namespaces/default/pods";
const MAPS = "/api/v1/namespaces/default/configmaps";
const MEBIBYTE = 1024 * 1024;

let server: InMemoryServer;
let files: TlsFiles;
let listening: Listening;
const sessions: ClientHttp2Session[] = [];

beforeAll(async () => {
  server = await createInMemoryServer();
  files = await createTlsFiles(Date.now());
  listening = await listen(server.handler, { port: 0, tls: files });
});

afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await expect.poll(() => server.handler.openWatches).toBe(0);
  expect(server.failures.splice(0)).toEqual([]);
});

afterAll(() => listening.close());

function open(port = listening.port): ClientHttp2Session {
  const session = connect(`https://localhost:${port}`, { ca: files.caCert });
  session.on("error", () => {});
  sessions.push(session);
  return session;
}

type Headers = Readonly<Record<string, string | readonly string[]>>;

interface Sent {
  readonly stream: ClientHttp2Stream;
  readonly headers: Promise<Record<string, unknown>>;
  /** All that has come so far. */
  readonly body: () => Buffer;
  readonly ended: Promise<void>;
  readonly closed: Promise<number>;
}

/** Sends the head of a request; whoever calls goes on with its stream. */
function send(session: ClientHttp2Session, method: string, path: string, headers: Headers = {}): Sent {
  const all = { authorization: `Bearer ${TOKEN}`, ...headers, ":method": method, ":path": path };
  const stream = session.request(all, { endStream: false });
  const parts: Buffer[] = [];
  stream.on("error", () => {});
  stream.on("data", (chunk: Buffer) => parts.push(chunk));
  return {
    stream,
    headers: new Promise((resolve) => stream.once("response", resolve)),
    body: () => Buffer.concat(parts),
    ended: new Promise((resolve) => stream.once("end", resolve)),
    closed: new Promise((resolve) => stream.once("close", () => resolve(stream.rstCode))),
  };
}

interface Received {
  readonly status: unknown;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

async function ask(
  session: ClientHttp2Session,
  method: string,
  path: string,
  body: string | Buffer = "",
  headers: Headers = {},
): Promise<Received> {
  const sent = send(session, method, path, headers);
  sent.stream.end(body);
  const head = await sent.headers;
  await sent.ended;
  return { status: head[":status"], headers: head, text: sent.body().toString() };
}

function untilClosed(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    if (session.destroyed) resolve();
    else session.once("close", () => resolve());
  });
}

const JSON_BODY = { "content-type": "application/json" };

describe("a client that asks for HTTP/2", () => {
  it("gets it, and others HTTP/1.1, on one port", async () => {
    const session = open();
    expect(await ask(session, "GET", "/healthz")).toMatchObject({ status: 200, text: "ok" });
    expect(session.alpnProtocol).toBe("h2");
    const version = await new Promise((resolve, reject) => {
      get({ port: listening.port, host: "localhost", path: "/healthz", ca: files.caCert }, (response) => {
        response.resume();
        resolve(response.httpVersion);
      }).on("error", reject);
    });
    expect(version).toBe("1.1");
  });

  it("asks many things at once, and each answer is whole", async () => {
    const session = open();
    const names = Array.from({ length: 90 }, (_, at) => `at-once-${at}`);
    const made = await Promise.all(
      names.map((name) => ask(session, "POST", PODS, JSON.stringify(pod(name)), JSON_BODY)),
    );
    expect(made.map(({ status }) => status)).toEqual(names.map(() => 201));
    const read = await Promise.all(names.map((name) => ask(session, "GET", `${PODS}/${name}`)));
    expect(read.map(({ text }) => JSON.parse(text).metadata.name)).toEqual(names);
    const one = read[0] as Received;
    expect(one.headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-cache, private",
      "content-length": String(Buffer.byteLength(one.text)),
    });
  });

  it("sends bodies in pieces, and is told to go on when it asks", async () => {
    const sent = send(open(), "POST", PODS, { ...JSON_BODY, expect: "100-continue" });
    await new Promise((resolve) => sent.stream.once("continue", resolve));
    for (const piece of JSON.stringify(pod("in-pieces")).match(/.{1,50}/gs) ?? []) sent.stream.write(piece);
    sent.stream.end();
    expect(await sent.headers).toMatchObject({ ":status": 201 });
  });

  it("gets long lists compressed when it takes gzip", async () => {
    const data = { text: "x".repeat(100_000) };
    for (const name of ["long-1", "long-2"]) await server.send("POST", MAPS, { metadata: { name }, data });
    const sent = send(open(), "GET", MAPS, { "accept-encoding": "gzip" });
    sent.stream.end();
    expect(await sent.headers).toMatchObject({ ":status": 200, "content-encoding": "gzip" });
    await sent.ended;
    const { items } = JSON.parse(gunzipSync(sent.body()).toString());
    expect(items.map((item: { data: object }) => item.data)).toEqual([data, data]);
  });

  it("gets every warning", async () => {
    const odd = { ...pod("warned"), spec: { ...pod("warned").spec, odd: 1, strange: 2 } };
    const { status, headers } = await ask(
      open(),
      "POST",
      `${PODS}?fieldValidation=Warn`,
      JSON.stringify(odd),
      JSON_BODY,
    );
    expect(status).toBe(201);
    expect(headers.warning).toContain('unknown field \\"spec.odd\\"');
    expect(headers.warning).toContain('unknown field \\"spec.strange\\"');
  });

  it("impersonates with headers that repeat", async () => {
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const { text } = await ask(open(), "POST", path, JSON.stringify(review), {
      ...JSON_BODY,
      "impersonate-user": "jane",
      "impersonate-group": ["one", "two"],
      "impersonate-extra-scope": ["a", "b"],
    });
    expect(JSON.parse(text).status.userInfo).toMatchObject({
      username: "jane",
      groups: ["one", "two", "system:authenticated"],
      extra: { scope: ["a", "b"] },
    });
  });

  it("may ask whether the server is there", async () => {
    const session = open();
    await ask(session, "GET", "/healthz");
    const echoed = await new Promise((resolve) => {
      session.ping(Buffer.from("12345678"), (_error, _duration, payload) => resolve(payload.toString()));
    });
    expect(echoed).toBe("12345678");
  });
});

describe("requests that are out of bounds", () => {
  it.each([
    ["no token", "GET", PODS, { authorization: "" }, 401],
    ["a wrong token", "GET", PODS, { authorization: "Bearer wrong" }, 401],
    ["a foreign host", "GET", "/healthz", { ":authority": "evil.example" }, 403],
    ["two hosts", "GET", "/healthz", { ":authority": "localhost", host: "evil.example" }, 400],
    ["a foreign page", "GET", PODS, { origin: "https://evil.example" }, 403],
    ["a target that is no path", "OPTIONS", "*", {}, 403],
    ["an unknown method", "BREW", PODS, {}, 405],
    ["a malformed path", "GET", "/api/v1/nodes/%zz", {}, 400],
    ["long headers", "GET", "/healthz", { "x-long": "x".repeat(17_000) }, 431],
    ["exec without an upgrade", "POST", `${PODS}/at-once-1/exec`, {}, 400],
  ])("%s", async (_name, method, path, headers, status) => {
    const session = open();
    expect(await ask(session, method, path, "", headers as unknown as Headers)).toMatchObject({ status });
    expect(await ask(session, "GET", "/healthz")).toMatchObject({ status: 200 });
  });

  it("HEAD gets headers alone", async () => {
    const answer = await ask(open(), "HEAD", PODS);
    expect(answer).toMatchObject({ status: 405, text: "" });
  });

  it("CONNECT leads nowhere", async () => {
    const session = open();
    const stream = session.request({ ":method": "CONNECT", ":authority": "localhost:22" });
    stream.on("error", () => {});
    const head = await new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
    expect(head[":status"]).toBe(403);
  });

  it("too large a body is refused before it is read, and the connection goes on", async () => {
    const session = open();
    const length = String(3 * MEBIBYTE + 1);
    const declared = send(session, "POST", PODS, { ...JSON_BODY, "content-length": length });
    expect(await declared.headers).toMatchObject({ ":status": 413 });
    await declared.ended;
    expect(declared.body().toString()).toContain('"reason":"RequestEntityTooLarge"');
    expect(await declared.closed).toBe(constants.NGHTTP2_NO_ERROR);
    const endless = send(session, "POST", PODS, JSON_BODY);
    let written = 0;
    const upload = () => {
      while (!endless.stream.destroyed && endless.stream.write(Buffer.alloc(65_536))) written += 65_536;
      endless.stream.once("drain", upload);
    };
    upload();
    expect(await endless.headers).toMatchObject({ ":status": 413 });
    await endless.closed;
    expect(written).toBeLessThan(8 * MEBIBYTE);
    expect(await ask(session, "GET", "/healthz")).toMatchObject({ status: 200 });
  });

  it("a body that is broken off makes nothing, even if what came is whole by itself", async () => {
    const { NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL } = constants;
    const head = headerBlock(rawHead("POST", MAPS, { "content-type": "application/yaml" }));
    const body = Buffer.from("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: half\n");
    // Frames, as Node's client ends a body before it resets its stream.
    for (const code of [NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL, undefined]) {
      const { socket, received, closed } = await openRaw(listening.port, files.caCert);
      socket.write(frame(Frame.headers, END_HEADERS, 1, head));
      socket.write(frame(Frame.data, 0, 1, body));
      if (code !== undefined) socket.write(frame(Frame.rstStream, 0, 1, uint32(code)));
      socket.write(frame(Frame.ping, 0, 0, Buffer.alloc(8)));
      await expect.poll(() => received).toContain(Frame.ping);
      socket.destroy();
      await closed;
    }
    await ask(open(), "GET", "/healthz");
    expect((await server.get(`${MAPS}/half`)).reason).toBe("NotFound");
  });
});

describe("a watch", () => {
  const WATCH = `${PODS}?watch=true`;

  async function startWatch(session: ClientHttp2Session, path = WATCH): Promise<Sent> {
    const sent = send(session, "GET", path);
    sent.stream.end();
    expect(await sent.headers).toMatchObject({ ":status": 200 });
    return sent;
  }

  it("streams at once, many on one connection, and ends with its stream or the connection", async () => {
    const session = open();
    const watches = await Promise.all(Array.from({ length: 100 }, () => startWatch(session)));
    await server.send("POST", PODS, pod("watched"));
    await expect
      .poll(() => watches.every(({ body }) => body().toString().includes('"name":"watched"')))
      .toBe(true);
    expect(server.handler.openWatches).toBe(100);
    (watches[0] as Sent).stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => server.handler.openWatches).toBe(99);
    session.destroy();
    await expect.poll(() => server.handler.openWatches).toBe(0);
  });

  it("ends cleanly when its time is over", async () => {
    const watch = await startWatch(open(), `${WATCH}&timeoutSeconds=5`);
    await server.clock.advance(5_000);
    await watch.ended;
    expect(await watch.closed).toBe(constants.NGHTTP2_NO_ERROR);
  });

  /** Changes an object of half a megabyte until the slow watcher is cut off; a quick one is told of every change. */
  async function burst(name: string): Promise<void> {
    const quick = await startWatch(open(), `${MAPS}?watch=true`);
    const data = { text: "x".repeat(500_000) };
    await server.send("POST", MAPS, { metadata: { name }, data });
    for (let at = 0; server.handler.openWatches > 1 && at < 200; at++) {
      const labels = { at: `${name}-${at}` };
      await server.send("PUT", `${MAPS}/${name}`, { metadata: { name, labels }, data });
      await expect.poll(() => quick.body().includes(labels.at), { interval: 2 }).toBe(true);
    }
    expect(server.handler.openWatches).toBe(1);
  }

  it("whose client does not read is cut off after some megabytes, and holds up nobody", async () => {
    const session = open();
    const slow = await startWatch(session, `${MAPS}?watch=true`);
    slow.stream.pause();
    await burst("unread-stream");
    // What is left for it goes after a while; the connection goes on.
    await server.clock.advance(10_000);
    slow.stream.resume();
    expect(await slow.closed).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(await ask(session, "GET", "/healthz")).toMatchObject({ status: 200 });
  });

  it("whose client does not even read its connection is cut off as well", async () => {
    const { socket, received, closed } = await openRaw(listening.port, files.caCert);
    socket.write(frame(Frame.windowUpdate, 0, 0, uint32(0x3fff_ffff)));
    const head = headerBlock(rawHead("GET", `${MAPS}?watch=true`));
    socket.write(frame(Frame.headers, END_HEADERS | END_STREAM, 1, head));
    socket.write(frame(Frame.windowUpdate, 0, 1, uint32(0x3fff_ffff)));
    await expect.poll(() => received).toContain(Frame.headers);
    socket.pause();
    await burst("unread-connection");
    await server.clock.advance(10_000);
    socket.destroy();
    await closed;
  });
});

describe("an answer that cannot be given to its end", () => {
  it.each([
    ["that is broken off", (outlet: Outlet) => outlet.destroy()],
    ["that throws", () => expect.fail("a defect")],
  ])("%s is not taken for whole", async (_what, breakOff) => {
    const failures: unknown[] = [];
    const stream = (outlet: Outlet) => {
      outlet.write("half");
      breakOff(outlet);
    };
    const handler: Handler = {
      ...server.handler,
      handle: () => Promise.resolve({ status: 200, headers: [], stream }),
      onError: (error) => failures.push(error),
    };
    const other = await listen(handler, { port: 0, tls: files });
    const sent = send(open(other.port), "GET", "/healthz");
    sent.stream.end();
    expect(await sent.closed).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(sent.stream.readableEnded).toBe(false);
    expect(failures).toHaveLength(breakOff.length === 0 ? 1 : 0);
    await other.close();
  });
});

describe("closing", () => {
  it("says goodbye, ends watches cleanly, lets requests end and closes idle connections", async () => {
    const other = await listen(server.handler, { port: 0, tls: files });
    const idle = open(other.port);
    await ask(idle, "GET", "/healthz");
    const busy = open(other.port);
    const watch = send(busy, "GET", `${PODS}?watch=true`);
    watch.stream.end();
    await watch.headers;
    const late = send(busy, "POST", PODS, JSON_BODY);
    late.stream.write(JSON.stringify(pod("late")));
    await ask(busy, "GET", "/healthz");
    const order: string[] = [];
    busy.once("goaway", (code, lastStream) => order.push(`goaway ${code} ${lastStream}`));
    watch.stream.once("end", () => order.push("watch ended"));
    // Whoever is waited for until then hangs here for as long.
    const closing = other.close(3_600_000);
    await watch.ended;
    late.stream.end();
    expect(await late.headers).toMatchObject({ ":status": 201 });
    await closing;
    expect(order).toEqual(["goaway 0 5", "watch ended"]);
    expect(await watch.closed).toBe(constants.NGHTTP2_NO_ERROR);
    await Promise.all([idle, busy].map(untilClosed));
  });

  it("breaks off who does not come to an end", async () => {
    const other = await listen(server.handler, { port: 0, tls: files });
    const session = open(other.port);
    const endless = send(session, "POST", PODS, JSON_BODY);
    endless.stream.write("{");
    await ask(session, "GET", "/healthz");
    await other.close(200);
    await untilClosed(session);
  });
});
