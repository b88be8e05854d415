import type { TLSSocket } from "node:tls";
import { Http2Client } from "./http2-client.ts";
import type { Target } from "./raw-client.ts";
import { ask, openSocket } from "./raw-stream.ts";

/** Watches that are being opened at one time; a handshake must not wait for too many others. */
const OPENING = 64;

/** A way to carry many watches. */
interface Carrier {
  /** Opens one more and resolves when its answer begins; from then on all that comes is passed on. */
  open(path: string, onData: (chunk: Buffer) => void): Promise<void>;
  close(): void;
}

/** The protocols, by the name that is printed. */
export const CARRIERS: Readonly<Record<string, (target: Target) => Carrier>> = {
  "HTTP/1.1": (target) => new Sockets(target),
  "HTTP/2": (target) => {
    const client = new Http2Client(target);
    return { open: (path, onData) => client.watch(path, onData), close: () => client.close() };
  },
};

/** A connection for every watch. */
class Sockets implements Carrier {
  readonly #target: Target;
  readonly #sockets: TLSSocket[] = [];

  constructor(target: Target) {
    this.#target = target;
  }

  async open(path: string, onData: (chunk: Buffer) => void): Promise<void> {
    const socket = await openSocket(this.#target);
    this.#sockets.push(socket);
    socket.on("error", () => {});
    await new Promise<void>((resolve, reject) => {
      socket.once("close", () => reject(new Error("connection closed")));
      socket.once("data", (head: Buffer) => {
        if (!head.toString("latin1").startsWith("HTTP/1.1 200")) return reject(new Error(String(head)));
        socket.on("data", onData);
        resolve();
      });
      ask(this.#target, socket, { path });
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Many watches of one collection, and how many of their events are still to come. */
export class Watchers {
  readonly #carrier: Carrier;
  readonly #path: string;
  #count = 0;
  #missing = 0;
  #done: (() => void) | undefined;
  /** Why there are fewer than asked for. */
  refusal = "";

  constructor(carrier: Carrier, collection: string) {
    this.#carrier = carrier;
    // What is there already comes first otherwise; so the head of the answer shows that the watch is open.
    this.#path = `${collection}?watch=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=false`;
  }

  /** @returns how many were opened, which the system's limits may make fewer than asked for */
  async open(count: number): Promise<number> {
    let opening = 0;
    const openNext = async () => {
      while (opening < count && this.refusal === "") {
        opening++;
        try {
          await this.#carrier.open(this.#path, this.#reader());
          this.#count++;
        } catch (error) {
          this.refusal = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(OPENING, count) }, openNext));
    return this.#count;
  }

  /** Resolves once every watcher has been told of so many further events. */
  untilTold(events: number): Promise<void> {
    this.#missing = events * this.#count;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  close(): void {
    this.#carrier.close();
  }

  /** An event ends in a line feed, and no other line feed of the stream follows a brace. */
  #reader(): (chunk: Buffer) => void {
    let endsInBrace = false;
    return (chunk) => {
      if (endsInBrace && chunk[0] === LINE_FEED) this.#missing--;
      endsInBrace = chunk.at(-1) === BRACE;
      for (let at = chunk.indexOf("}\n"); at >= 0; at = chunk.indexOf("}\n", at + 2)) this.#missing--;
      if (this.#missing > 0) return;
      this.#done?.();
      this.#done = undefined;
    };
  }
}

const LINE_FEED = 0x0a;
const BRACE = 0x7d;
