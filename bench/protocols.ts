import { Http2Client } from "./http2-client.ts";
import { RawClient } from "./raw-client.ts";
import { type BenchServer, startServer } from "./server.ts";
import { type Benchmark, grouped, median } from "./table.ts";

const REQUESTS = 5_000;
const ROUNDS = 5;
/** Requests under way at one time. */
const PARALLEL = 16;

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

interface Client {
  postAll(path: string, bodies: readonly string[], parallel: number): Promise<void>;
  getAll(paths: readonly string[], parallel: number): Promise<void>;
}

/** What everyday requests cost over either protocol, in alternating rounds on one server. */
export const protocols: Benchmark = {
  name: "protocols",
  summary: `${PARALLEL} requests at a time, over ${PARALLEL} connections of HTTP/1.1 or one of HTTP/2`,
  async run(print) {
    const server = await startServer(["--store", "memory"]);
    const http1 = await RawClient.open(server.target, PARALLEL);
    const http2 = new Http2Client(server.target);
    const overHttp1: Client = {
      postAll: (path, bodies) => http1.postAll(path, bodies),
      getAll: (paths) => http1.getAll(paths),
    };
    const rows = { "HTTP/1.1": new Figures(overHttp1), "HTTP/2": new Figures(http2) };
    // The first round warms the server up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [protocol, figures] of Object.entries(rows)) {
        await figures.take(server, `${protocol === "HTTP/2" ? "two" : "one"}-${round}`, round > 0);
      }
    }
    print(["protocol", "created/s", "server CPU", "got/s", "server CPU"]);
    for (const [protocol, figures] of Object.entries(rows)) print([protocol, ...figures.row()]);
    http1.close();
    http2.close();
    await server.stop();
  },
};

/** What one client measured, in ms for a round. */
class Figures {
  readonly #client: Client;
  readonly #created: Taken[] = [];
  readonly #got: Taken[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  async take(server: BenchServer, prefix: string, counts: boolean): Promise<void> {
    const names = Array.from({ length: REQUESTS }, (_, at) => `${prefix}-${at}`);
    const bodies = names.map((name) => JSON.stringify({ metadata: { name }, data: { key: "value" } }));
    const paths = names.map((name) => `${CONFIG_MAPS}/${name}`);
    const created = await taken(server, () => this.#client.postAll(CONFIG_MAPS, bodies, PARALLEL));
    const got = await taken(server, () => this.#client.getAll(paths, PARALLEL));
    if (!counts) return;
    this.#created.push(created);
    this.#got.push(got);
  }

  row(): string[] {
    return [this.#created, this.#got].flatMap((all) => [
      grouped((REQUESTS * 1_000) / median(all.map(({ wallMs }) => wallMs))),
      `${Math.round((median(all.map(({ cpuMs }) => cpuMs)) * 1_000) / REQUESTS)} µs`,
    ]);
  }
}

interface Taken {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function taken(server: BenchServer, action: () => Promise<void>): Promise<Taken> {
  const cpuBeforeMs = server.cpuMs();
  const startMs = performance.now();
  await action();
  return { wallMs: performance.now() - startMs, cpuMs: server.cpuMs() - cpuBeforeMs };
}
