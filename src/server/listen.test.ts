import { connect, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createInMemoryServer, type InMemoryServer, pod, TOKEN } from "../../test/in-memory-server.ts";
import { type Listening, listen } from "./listen.ts";
import { createTlsFiles, type TlsFiles } from "./tls.ts";

const PODS = "/api/v1/namespaces/default/pods";
const MEBIBYTE = 1024 * 1024;

let server: InMemoryServer;
let listening: Listening;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await createInMemoryServer();
  listening = await listen(server.handler, { port: 0 });
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  expect(server.failures.splice(0)).toEqual([]);
});

afterAll(() => listening.close());

/** A bare connection: whatever a client may write, however wrong. */
function open(port = listening.port): {
  readonly socket: Socket;
  readonly all: Promise<string>;
  until(pattern: RegExp): Promise<string>;
} {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  const waiting = new Set<() => void>();
  const all = new Promise<string>((resolve) => {
    socket.on("close", () => resolve(text));
    socket.on("error", () => undefined);
  });
  socket.on("data", (chunk) => {
    text += chunk.toString();
    for (const look of waiting) look();
  });
  const until = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (pattern.test(text)) resolve(text);
      };
      waiting.add(look);
      look();
    });
  return { socket, all, until };
}

describe("the port", () => {
  it("is the one that is asked for, or any other when that will do", async () => {
    const { port } = listening;
    await expect(listen(server.handler, { port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    const other = await listen(server.handler, { port, orAnyPort: true });
    expect(other.port).not.toBe(port);
    await other.close();
    const same = await listen(server.handler, { port: other.port, orAnyPort: true });
    expect(same.port).toBe(other.port);
    await same.close();
  });
});

function head(line: string, ...headers: string[]): string {
  return [line, ...headers, "", ""].join("\r\n");
}

const HOST = "Host: localhost";
const AUTHORIZATION = `Authorization: Bearer ${TOKEN}`;

describe("a listening server", () => {
  it("listens on loopback only", async () => {
    expect(listening.url).toBe(`http://127.0.0.1:${listening.port}`);
    await expect(
      new Promise((_resolve, reject) => connect(listening.port, "127.0.0.2").on("error", reject)),
    ).rejects.toThrow("ECONNREFUSED");
  });

  it("says when its port is taken", async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, "127.0.0.1", resolve));
    const { port } = squatter.address() as { port: number };
    await expect(listen(server.handler, { port })).rejects.toThrow("EADDRINUSE");
    squatter.close();
  });

  it("answers many requests on one connection, each whole and in order", async () => {
    const { socket, until } = open();
    const body = JSON.stringify(pod("piped"));
    const post = head(
      `POST ${PODS} HTTP/1.1`,
      HOST,
      AUTHORIZATION,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
    );
    socket.write(
      post + body + head(`GET ${PODS} HTTP/1.1`, HOST, AUTHORIZATION) + head("GET /healthz HTTP/1.1", HOST),
    );
    const text = await until(/ok$/);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 201", "HTTP/1.1 200", "HTTP/1.1 200"]);
  });

  it("reads chunked bodies and bodies in many pieces", async () => {
    const { socket, until } = open();
    const body = JSON.stringify(pod("chunked"));
    socket.write(head(`POST ${PODS} HTTP/1.1`, HOST, AUTHORIZATION, "Transfer-Encoding: chunked"));
    for (const piece of body.match(/.{1,50}/gs) ?? [])
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    socket.write("0\r\n\r\n");
    expect(await until(/"name":"chunked"/)).toContain("HTTP/1.1 201");
  });

  it("streams a watch at once and ends it with the client", async () => {
    const { socket, until } = open();
    socket.write(head(`GET ${PODS}?watch=true&resourceVersion=0 HTTP/1.1`, HOST, AUTHORIZATION));
    await until(/transfer-encoding: chunked/i);
    await server.send("POST", PODS, pod("streamed"));
    await until(/"type":"ADDED".*"name":"streamed"/);
    expect(server.handler.openWatches).toBe(1);
    socket.destroy();
    await expect.poll(() => server.handler.openWatches).toBe(0);
  });

  it("sends events in whole chunks, also behind another answer, and without chunks to HTTP/1.0", async () => {
    const watch = (version: string) => head(`GET ${PODS}?watch=true HTTP/${version}`, HOST, AUTHORIZATION);
    const behind = open();
    behind.socket.write(head(`GET ${PODS} HTTP/1.1`, HOST, AUTHORIZATION) + watch("1.1"));
    await behind.until(/transfer-encoding: chunked/i);
    const old = open();
    old.socket.write(watch("1.0"));
    await old.until(/HTTP\/1\.1 200.*\r\n\r\n/s);
    await server.send("POST", PODS, pod("framed"));
    const framed = await behind.until(/"type":"ADDED","object":[^\n]*"name":"framed"[^\n]*\n\r\n/);
    const stream = framed.slice(framed.lastIndexOf("\r\n\r\n", framed.indexOf('"type":"ADDED"')) + 4);
    const [, length, chunk] = /^([0-9a-f]+)\r\n(.*?)\r\n/s.exec(stream) as RegExpExecArray;
    expect(Number.parseInt(length as string, 16)).toBe(Buffer.byteLength(chunk as string));
    const plain = await old.until(/"name":"framed"[^\n]*\n/);
    expect(plain).toMatch(/\r\n\r\n\{"type":"ADDED"/);
  });
});

describe("requests that are out of bounds", () => {
  it("too large a body is refused before it is read", async () => {
    const { socket, all } = open();
    socket.write(head(`POST ${PODS} HTTP/1.1`, HOST, AUTHORIZATION, `Content-Length: ${3 * MEBIBYTE + 1}`));
    const text = await all;
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"reason":"RequestEntityTooLarge"');
    expect(text).toMatch(/connection: close/i);
  });

  it("a body that turns out too large is not read to its end", async () => {
    const { socket, until } = open();
    let written = 0;
    socket.write(head(`POST ${PODS} HTTP/1.1`, HOST, AUTHORIZATION, "Transfer-Encoding: chunked"));
    const piece = `${MEBIBYTE.toString(16)}\r\n${"x".repeat(MEBIBYTE)}\r\n`;
    const upload = () => {
      while (written < 1_000 && socket.writable && socket.write(piece)) written++;
      if (written < 1_000) socket.once("drain", upload);
    };
    upload();
    expect(await until(/RequestEntityTooLarge/)).toContain("413");
    await new Promise((resolve) => socket.once("close", resolve));
    expect(written).toBeLessThan(40);
  });

  it.each([
    ["two Host headers", head("GET /healthz HTTP/1.1", HOST, "Host: evil.example"), 400],
    ["no Host header", head("GET /healthz HTTP/1.1"), 400],
    ["HTTP/1.0 without Host", head("GET /healthz HTTP/1.0"), 403],
    ["a foreign Host", head("GET /healthz HTTP/1.1", "Host: evil.example"), 403],
    ["a target that names a foreign host", head("GET http://evil.example/healthz HTTP/1.1", HOST), 403],
    ["a target that is no path", head("OPTIONS * HTTP/1.1", HOST), 403],
    ["no HTTP at all", "\x16\x03\x01 hello\r\n\r\n", 400],
    ["an unknown method", head("BREW /healthz HTTP/1.1", HOST), 400],
    ["headers without end", head("GET /healthz HTTP/1.1", HOST, `X: ${"x".repeat(17_000)}`), 431],
    ["a malformed path", head("GET /api/v1/nodes/%zz HTTP/1.1", HOST, AUTHORIZATION), 400],
    [
      "smuggling lengths",
      head(`POST ${PODS} HTTP/1.1`, HOST, "Content-Length: 5", "Transfer-Encoding: chunked"),
      400,
    ],
  ])("%s", async (_name, request, status) => {
    const { socket, until } = open();
    socket.write(request);
    const text = await until(/\r\n\r\n/);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).not.toMatch(/node:|at .*\.ts|v?20\.\d+\.\d+/);
  });

  it("an upgrade is answered like any request", async () => {
    const { socket, until } = open();
    socket.write(head("GET /healthz HTTP/1.1", HOST, "Connection: Upgrade", "Upgrade: websocket"));
    expect(await until(/ok$/)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("a client that leaves in the middle of its body harms nobody", async () => {
    const { socket } = open();
    socket.write(head(`POST ${PODS} HTTP/1.1`, HOST, AUTHORIZATION, "Content-Length: 1000"));
    socket.write("{");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.resetAndDestroy();
    const next = open();
    next.socket.write(head("GET /healthz HTTP/1.1", HOST));
    expect(await next.until(/ok$/)).toContain("200");
  });

  it("slow headers are cut off after a few seconds, however many, while others are served", async () => {
    const slow = Array.from({ length: 300 }, () => open());
    for (const { socket } of slow) socket.write("GET /healthz HTTP/1.1\r\nHost: local");
    const next = open();
    next.socket.write(head("GET /healthz HTTP/1.1", HOST));
    await next.until(/ok$/);
    await Promise.all(slow.map(({ all }) => all));
  });
});

describe("over TLS", () => {
  let files: TlsFiles;
  let secure: Listening;

  beforeAll(async () => {
    files = await createTlsFiles(Date.now());
    secure = await listen(server.handler, { port: 0, tls: files });
  });

  afterAll(() => secure.close());

  const options = (servername: string) => ({
    port: secure.port,
    host: "127.0.0.1",
    ca: files.caCert,
    servername,
  });

  it.each(["localhost", "127.0.0.1", "::1"])("the certificate stands for %s", async (name) => {
    const socket = connectTls({
      ...options("localhost"),
      ...(name === "localhost" ? {} : { host: "127.0.0.1", servername: "" }),
    });
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    expect(socket.authorized).toBe(true);
    const { subjectaltname } = socket.getPeerCertificate();
    const expected = {
      localhost: "DNS:localhost",
      "127.0.0.1": "IP Address:127.0.0.1",
      "::1": "IP Address:0:0:0:0:0:0:0:1",
    };
    expect(subjectaltname).toContain(expected[name as keyof typeof expected]);
  });

  it("old versions of TLS are refused, and so are strangers' authorities", async () => {
    const failure = (extra: object) =>
      new Promise<string>((resolve) => {
        const socket = connectTls({ ...options("localhost"), ...extra });
        sockets.push(socket);
        socket.once("secureConnect", () => resolve("connected"));
        socket.once("error", (error) => resolve(String(error)));
      });
    expect(
      await failure({ maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" }),
    ).not.toBe("connected");
    expect(await failure({ ca: (await createTlsFiles(Date.now())).caCert })).not.toBe("connected");
    expect(await failure({})).toBe("connected");
  });

  it("plain HTTP on the same port is no request", async () => {
    const { socket, all } = open(secure.port);
    socket.write(head("GET /healthz HTTP/1.1", HOST));
    expect(await all).not.toContain("200 OK");
  });
});

describe("closing", () => {
  it("ends watches cleanly, lets requests end and closes idle connections", async () => {
    const other = await listen(server.handler, { port: 0 });
    const idle = open(other.port);
    idle.socket.write(head("GET /healthz HTTP/1.1", HOST));
    await idle.until(/ok$/);
    const watching = open(other.port);
    watching.socket.write(head(`GET ${PODS}?watch=true HTTP/1.1`, HOST, AUTHORIZATION));
    await watching.until(/chunked/);
    await other.close();
    expect(await watching.all).toMatch(/\r\n0\r\n\r\n$/);
    await idle.all;
  });
});
