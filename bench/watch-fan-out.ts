import type { TLSSocket } from "node:tls";
import { RawClient } from "./raw-client.ts";
import { ask, openSocket } from "./raw-stream.ts";
import { type BenchServer, startServer } from "./server.ts";
import { type Benchmark, grouped, median } from "./table.ts";

const WATCHERS = [10, 100, 1_000, 10_000] as const;
/** Events times watchers, so that every row is about as much work. */
const DELIVERIES = 100_000;
const EVENTS_MAX = 2_000;
/** Single events, each waited for by every watcher before the next is made. */
const SINGLE_EVENTS = 5;
/** Connections that are being opened at one time; a handshake must not wait for too many others. */
const OPENING = 64;

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

/** One event to many watchers over HTTPS; this process is all of the clients. */
export const watchFanOut: Benchmark = {
  name: "watch-fan-out",
  summary: "events of ConfigMaps delivered to watchers over HTTPS, every watcher on a connection of its own",
  async run(print) {
    print([
      "watchers",
      "opened/s",
      "events/s",
      "server CPU per event",
      "one event, last delivery",
      "resident",
    ]);
    for (const count of WATCHERS) print(await measure(count));
  },
};

async function measure(wanted: number): Promise<string[]> {
  const server = await startServer(["--store", "memory"]);
  const watchers = new Watchers(server);
  try {
    const startMs = performance.now();
    const count = await watchers.open(wanted);
    const openedPerSecond = (count * 1_000) / (performance.now() - startMs);
    const client = await RawClient.open(server.target, 1);
    const single = await singleEvents(client, watchers);
    const events = Math.min(EVENTS_MAX, Math.round(DELIVERIES / count));
    const cpuBeforeMs = server.cpuMs();
    const burstMs = await create(client, watchers, "burst", events);
    client.close();
    const cpuMicros = ((server.cpuMs() - cpuBeforeMs) * 1_000) / (events * count);
    return [
      count === wanted ? grouped(count) : `${grouped(count)} (${watchers.refusal} for more)`,
      grouped(openedPerSecond),
      grouped((events * count * 1_000) / burstMs),
      `${cpuMicros.toFixed(1)} µs`,
      `${Math.round(single)} ms`,
      `${Math.round(server.residentBytes() / 1e6)} MB`,
    ];
  } finally {
    watchers.close();
    await server.stop();
  }
}

/** @returns ms from the request to the last delivery, the median */
async function singleEvents(client: RawClient, watchers: Watchers): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < SINGLE_EVENTS; at++) times.push(await create(client, watchers, `single-${at}`, 1));
  return median(times);
}

/** Creates ConfigMaps and waits until every watcher was told of all of them. @returns ms */
async function create(client: RawClient, watchers: Watchers, prefix: string, count: number): Promise<number> {
  const bodies = Array.from({ length: count }, (_, at) =>
    JSON.stringify({ metadata: { name: `${prefix}-${at}` }, data: { key: "value" } }),
  );
  const startMs = performance.now();
  const told = watchers.untilTold(count);
  await client.postAll(CONFIG_MAPS, bodies, 16);
  await told;
  return performance.now() - startMs;
}

/** Many watches of the ConfigMaps of a namespace, and how many of their events are still to come. */
class Watchers {
  readonly #server: BenchServer;
  readonly #sockets: TLSSocket[] = [];
  #missing = 0;
  #done: (() => void) | undefined;
  /** Why there are fewer than asked for. */
  refusal = "";

  constructor(server: BenchServer) {
    this.#server = server;
  }

  /** @returns how many were opened, which the system's limits may make fewer than asked for */
  async open(count: number): Promise<number> {
    let opening = 0;
    const openNext = async () => {
      while (opening < count && this.refusal === "") {
        opening++;
        await this.#openOne().catch((error: NodeJS.ErrnoException) => {
          this.refusal = error.code ?? error.message;
        });
      }
    };
    await Promise.all(Array.from({ length: Math.min(OPENING, count) }, openNext));
    return this.#sockets.length;
  }

  /** Resolves once every watcher has been told of so many further events. */
  untilTold(events: number): Promise<void> {
    this.#missing = events * this.#sockets.length;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #openOne(): Promise<void> {
    const socket = await openSocket(this.#server.target);
    socket.on("error", () => {});
    // The head of the answer shows that the watch is open; what is there already comes first, so there is nothing.
    await new Promise<void>((resolve, reject) => {
      socket.once("close", () => reject(new Error("connection closed")));
      socket.once("data", (head: Buffer) => {
        if (!head.toString("latin1").startsWith("HTTP/1.1 200")) return reject(new Error(String(head)));
        socket.on("data", this.#reader());
        resolve();
      });
      const from = "resourceVersionMatch=NotOlderThan&sendInitialEvents=false";
      ask(this.#server.target, socket, { path: `${CONFIG_MAPS}?watch=true&${from}` });
    });
    this.#sockets.push(socket);
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
