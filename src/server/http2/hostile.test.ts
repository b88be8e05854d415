import { connect } from "node:http2";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import {
  END_HEADERS,
  END_STREAM,
  Frame,
  frame,
  headerBlock,
  openRaw,
  type RawConnection,
  rawHead,
  uint32,
} from "../../../test/http2-frames.ts";
import { createInMemoryServer, type InMemoryServer } from "../../../test/in-memory-server.ts";
import { createRandom } from "../../lib/random.ts";
import { type Listening, listen } from "../listen.ts";
import { createTlsFiles, type TlsFiles } from "../tls.ts";

const CANCEL = 8;
const NODES = headerBlock(rawHead("GET", "/api/v1/nodes"));
const HEALTH = headerBlock(rawHead("GET", "/healthz"));

let server: InMemoryServer;
let files: TlsFiles;
let listening: Listening;

beforeAll(async () => {
  server = await createInMemoryServer();
  files = await createTlsFiles(Date.now());
  listening = await listen(server.handler, { port: 0, tls: files });
});

/** Whatever a client did, others are served, and nothing of it is left. */
afterEach(async () => {
  expect(await healthStatus()).toBe(200);
  await expect.poll(() => server.handler.openWatches).toBe(0);
  expect(server.failures.splice(0)).toEqual([]);
});

afterAll(() => listening.close());

function open(hello = true): Promise<RawConnection> {
  return openRaw(listening.port, files.caCert, hello);
}

async function healthStatus(): Promise<unknown> {
  const session = connect(`https://localhost:${listening.port}`, { ca: files.caCert });
  const stream = session.request({ ":path": "/healthz" });
  const status = await new Promise((resolve) => stream.on("response", (head) => resolve(head[":status"])));
  session.destroy();
  return status;
}

/** Writes so often, as fast as it is taken, or until the server breaks the connection off. @returns how often */
async function flood(socket: TLSSocket, times: number, bytes: (at: number) => Buffer): Promise<number> {
  const BATCH = 50;
  for (let at = 0; at < times; at += BATCH) {
    if (socket.destroyed || !socket.writable) return at;
    const batch = Buffer.concat(Array.from({ length: BATCH }, (_, index) => bytes(at + index)));
    if (socket.write(batch)) await new Promise(setImmediate);
    else {
      await new Promise<void>((resolve) => {
        socket.once("drain", resolve);
        socket.once("close", () => resolve());
      });
    }
  }
  return times;
}

/** A flood that the server must not stand until its end. */
async function expectCutOff(connection: RawConnection, bytes: (at: number) => Buffer): Promise<void> {
  const TIMES = 200_000;
  expect(await flood(connection.socket, TIMES, bytes)).toBeLessThan(TIMES);
  connection.socket.resume();
  await connection.closed;
}

it("requests that are taken back at once", async () => {
  const connection = await open();
  const bytes = (at: number) =>
    Buffer.concat([
      frame(Frame.headers, END_HEADERS | END_STREAM, 2 * at + 1, NODES),
      frame(Frame.rstStream, 0, 2 * at + 1, uint32(CANCEL)),
    ]);
  await flood(connection.socket, 5_000, bytes);
  await expect.poll(() => connection.received).toContain(Frame.goaway);
  connection.socket.destroy();
});

it("requests that make the server take them back", async () => {
  const connection = await open();
  const bytes = (at: number) =>
    Buffer.concat([
      frame(Frame.headers, END_HEADERS | END_STREAM, 2 * at + 1, NODES),
      frame(Frame.windowUpdate, 0, 2 * at + 1, uint32(0)),
    ]);
  await expectCutOff(connection, bytes);
});

it("watches that are taken back at once", async () => {
  const connection = await open();
  const watch = headerBlock(rawHead("GET", "/api/v1/nodes?watch=true"));
  const bytes = (at: number) =>
    Buffer.concat([
      frame(Frame.headers, END_HEADERS | END_STREAM, 2 * at + 1, watch),
      frame(Frame.rstStream, 0, 2 * at + 1, uint32(CANCEL)),
    ]);
  await flood(connection.socket, 900, bytes);
  await expect.poll(() => server.handler.openWatches).toBe(0);
  connection.socket.destroy();
});

it("more streams than there may be", async () => {
  const { socket, received } = await open();
  const watch = headerBlock(rawHead("GET", "/api/v1/nodes?watch=true"));
  await flood(socket, 150, (at) => frame(Frame.headers, END_HEADERS | END_STREAM, 2 * at + 1, watch));
  await expect.poll(() => received.filter((type) => type === Frame.rstStream).length).toBe(50);
  expect(server.handler.openWatches).toBe(100);
  socket.destroy();
});

it("headers without end", async () => {
  const connection = await open();
  connection.socket.write(frame(Frame.headers, END_STREAM, 1, HEALTH));
  await expectCutOff(connection, (at) =>
    frame(Frame.continuation, 0, 1, headerBlock({ [`x-${at}`]: "x".repeat(1_000) })),
  );
});

it("continuations of nothing", async () => {
  const connection = await open();
  connection.socket.write(frame(Frame.headers, END_STREAM, 1, HEALTH));
  await expectCutOff(connection, () => frame(Frame.continuation, 0, 1));
});

it("headers that unfold to far more than was sent", async () => {
  const connection = await open();
  // One long header is put into the table (index 62), and then named over and over.
  const remember = Buffer.concat([
    Buffer.from([0x40]),
    headerBlock({ "x-bomb": "x".repeat(3_900) }).subarray(1),
  ]);
  connection.socket.write(
    frame(Frame.headers, END_HEADERS | END_STREAM, 1, Buffer.concat([HEALTH, remember])),
  );
  const bomb = Buffer.concat([HEALTH, Buffer.alloc(15_000, 0x80 | 62)]);
  const memoryBytes = process.memoryUsage().rss;
  await flood(connection.socket, 200, (at) =>
    frame(Frame.headers, END_HEADERS | END_STREAM, 2 * at + 3, bomb),
  );
  await expect
    .poll(() => connection.socket.destroyed || connection.received.includes(Frame.rstStream))
    .toBe(true);
  expect(process.memoryUsage().rss - memoryBytes).toBeLessThan(300e6);
  connection.socket.destroy();
});

it.each([
  ["pings", frame(Frame.ping, 0, 0, Buffer.alloc(8))],
  ["settings", frame(Frame.settings, 0, 0)],
])("%s whose answers are not read", async (_what, bytes) => {
  const connection = await open();
  connection.socket.pause();
  const many = Buffer.concat(Array.from({ length: 100 }, () => bytes));
  await expectCutOff(connection, () => many);
});

it("windows that overflow", async () => {
  const connection = await open();
  // Node before 20.20 says goodbye only, and leaves it to the client to go.
  await flood(connection.socket, 1_000, () => frame(Frame.windowUpdate, 0, 0, uint32(0x7fff_ffff)));
  await expect.poll(() => connection.received).toContain(Frame.goaway);
  connection.socket.destroy();
});

it.each([
  ["pings that are read", frame(Frame.ping, 0, 0, Buffer.alloc(8))],
  ["priorities", frame(Frame.priority, 0, 1, Buffer.alloc(5))],
  ["frames that nobody knows", frame(0xee, 0xff, 0, Buffer.alloc(100))],
])("%s are only a waste of time", async (_what, bytes) => {
  const connection = await open();
  await flood(connection.socket, 20_000, () => bytes);
  expect(await healthStatus()).toBe(200);
  connection.socket.destroy();
});

it("broken bytes of every kind, in any order", async () => {
  const random = createRandom("hostile HTTP/2");
  const below = (limit: number) => Math.floor(random.next() * limit);
  const junk = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
  const blocks = [NODES, HEALTH, headerBlock({}), headerBlock({ ":method": "GET" }), junk(40)];
  const anyFrame = () => {
    const payload = [junk(below(40)), blocks[below(blocks.length)] as Buffer, uint32(below(2 ** 32))];
    return frame(below(11), below(256), below(12), payload[below(payload.length)] as Buffer);
  };
  for (let round = 0; round < 300; round++) {
    const { socket, closed } = await open(below(10) > 0);
    for (let count = below(20); count >= 0; count--)
      socket.write(below(20) === 0 ? junk(below(200)) : anyFrame());
    await new Promise(setImmediate);
    if (below(2) === 0) socket.end();
    else socket.destroy();
    socket.resume();
    if (round % 50 === 0) expect(await healthStatus()).toBe(200);
    setTimeout(() => socket.destroy(), 200);
    if (round % 50 === 49) await closed;
  }
});

it("connections that say nothing are closed after some seconds; who has said hello may ask later", async () => {
  const idle = await open();
  const silent = await Promise.all(Array.from({ length: 50 }, () => open(false)));
  await Promise.all(silent.map(({ closed }) => closed));
  idle.socket.write(frame(Frame.headers, END_HEADERS | END_STREAM, 1, HEALTH));
  await expect.poll(() => idle.received).toContain(Frame.data);
  idle.socket.destroy();
});
