import type { PortPeer } from "../../../api/container-access.ts";
import type { Pod } from "../../../api/kinds/pod.ts";
import { acceptKey, WebSocketEcho } from "./web-socket-echo.ts";

/** Longer request heads are answered 431. */
const HEAD_BYTES_MAX = 16 * 1024;

/** The page that simulated containers serve: who answered, and what was asked. */
export function page(pod: Pod, port: number, method: string, path: string): string {
  const { name, namespace, uid } = pod.metadata;
  return (
    `Hello from ${name}\n\npod: ${name}\nnamespace: ${namespace}\nuid: ${uid}\nnode: ${pod.spec.nodeName}\n` +
    `ip: ${pod.status.podIP}\nport: ${port}\nrequest: ${method} ${path}\n`
  );
}

/**
 * One connection of HTTP/1.1: answers each request with the page, takes bodies of a known length. Who asks for a
 * WebSocket is sent back what they send.
 */
export class HttpConversation {
  readonly #pod: Pod;
  readonly #port: number;
  readonly #peer: PortPeer;
  readonly #close: () => void;
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of a body that are still to come; they are thrown away. */
  #bodyLeft = 0;
  #isOver = false;
  #echo: WebSocketEcho | undefined;

  constructor(pod: Pod, port: number, peer: PortPeer, close: () => void) {
    this.#pod = pod;
    this.#port = port;
    this.#peer = peer;
    this.#close = close;
  }

  push(chunk: Buffer): void {
    let bytes = Buffer.concat([this.#rest, chunk]);
    while (!this.#isOver && this.#echo === undefined) {
      const dropped = Math.min(this.#bodyLeft, bytes.length);
      this.#bodyLeft -= dropped;
      bytes = bytes.subarray(dropped);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) break;
      const head = bytes.toString("latin1", 0, end);
      bytes = bytes.subarray(end + 4);
      this.#answer(head);
    }
    if (this.#echo !== undefined) {
      this.#rest = Buffer.alloc(0);
      this.#echo.push(bytes);
      return;
    }
    if (bytes.length > HEAD_BYTES_MAX) this.#finish("431 Request Header Fields Too Large", "");
    this.#rest = bytes;
  }

  #answer(head: string): void {
    const [line = "", ...headers] = head.split("\r\n");
    const [, method = "", path = ""] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(line) ?? [];
    const header = (name: string) =>
      headers
        .find((each) => each.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim();
    if (method === "" || header("transfer-encoding") !== undefined) {
      this.#finish("400 Bad Request", "not an HTTP request of a known length\n");
      return;
    }
    const key = header("sec-websocket-key");
    if (key !== undefined && header("upgrade")?.toLowerCase() === "websocket") {
      this.#upgrade(key);
      return;
    }
    this.#bodyLeft = Number(header("content-length") ?? 0) || 0;
    const isLast = header("connection")?.toLowerCase() === "close" || line.endsWith("1.0");
    this.#write("200 OK", page(this.#pod, this.#port, method, path), isLast, method === "HEAD");
    if (isLast) this.#end();
  }

  #upgrade(key: string): void {
    this.#peer.receive(
      Buffer.from(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          `Sec-WebSocket-Accept: ${acceptKey(key)}\r\n\r\n`,
      ),
    );
    this.#echo = new WebSocketEcho(
      (bytes) => this.#peer.receive(bytes),
      () => this.#end(),
    );
  }

  #finish(status: string, body: string): void {
    this.#write(status, body, true, false);
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#close();
  }

  #write(status: string, body: string, isLast: boolean, isHeadOnly: boolean): void {
    const head =
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nServer: kubesim\r\n` +
      `Connection: ${isLast ? "close" : "keep-alive"}\r\n\r\n`;
    this.#peer.receive(Buffer.from(isHeadOnly ? head : head + body));
  }
}
