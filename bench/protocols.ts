import { Http2Client } from "./http2-client.ts";
import { RawClient } from "./raw-client.ts";
import { type BenchServer, startServer } from "./server.ts";
import { type Benchmark, grouped, median } from "./table.ts";

const REQUESTS = 1_000;
const ROUNDS = 3;
/** Requests under way at one time. */
const PARALLEL = [1, 16] as const;

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

interface Client {
  postAll(path: string, bodies: readonly string[], parallel: number): Promise<void>;
  getAll(paths: readonly string[], parallel: number): Promise<void>;
  close(): void;
}

/** What everyday requests cost over either protocol, in alternating rounds on one server. */
export const protocols: Benchmark = {
  name: "protocols",
  summary:
    "ConfigMaps created and got, with a connection of HTTP/1.1 for each request under way or one of HTTP/2",
  async run(print) {
    const server = await startServer(["--store", "memory"]);
    const ways: Way[] = [];
    for (const parallel of PARALLEL) {
      ways.push(new Way("HTTP/1.1", parallel, () => overHttp1(server, parallel)));
      ways.push(new Way("HTTP/2", parallel, async () => new Http2Client(server.target)));
    }
    // The first round warms the server up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [at, way] of ways.entries()) await way.take(server, `${at}-${round}`, round > 0);
    }
    const cpu = ["server CPU", "client CPU"];
    print(["protocol", "at a time", "created/s", ...cpu, "got/s", ...cpu]);
    for (const way of ways) {
      print(way.row());
      way.close();
    }
    await server.stop();
  },
};

async function overHttp1({ target }: BenchServer, connections: number): Promise<Client> {
  const client = await RawClient.open(target, connections);
  return {
    postAll: (path, bodies) => client.postAll(path, bodies),
    getAll: (paths) => client.getAll(paths),
    close: () => client.close(),
  };
}

/** One client, and what it measured. */
class Way {
  readonly #protocol: string;
  readonly #parallel: number;
  /** Only when it is needed: the server closes connections that ask nothing for some seconds. */
  readonly #open: () => Promise<Client>;
  #client: Client | undefined;
  readonly #created: Taken[] = [];
  readonly #got: Taken[] = [];

  constructor(protocol: string, parallel: number, open: () => Promise<Client>) {
    this.#protocol = protocol;
    this.#parallel = parallel;
    this.#open = open;
  }

  async take(server: BenchServer, prefix: string, counts: boolean): Promise<void> {
    const names = Array.from({ length: REQUESTS }, (_, at) => `${prefix}-${at}`);
    const bodies = names.map((name) => JSON.stringify({ metadata: { name }, data: { key: "value" } }));
    const paths = names.map((name) => `${CONFIG_MAPS}/${name}`);
    this.#client ??= await this.#open();
    const client = this.#client;
    const created = await taken(server, () => client.postAll(CONFIG_MAPS, bodies, this.#parallel));
    const got = await taken(server, () => client.getAll(paths, this.#parallel));
    if (!counts) return;
    this.#created.push(created);
    this.#got.push(got);
  }

  row(): string[] {
    const figures = [this.#created, this.#got].flatMap((all) => [
      grouped((REQUESTS * 1_000) / median(all.map(({ wallMs }) => wallMs))),
      perRequest(all.map(({ serverMs }) => serverMs)),
      perRequest(all.map(({ clientMs }) => clientMs)),
    ]);
    return [this.#protocol, String(this.#parallel), ...figures];
  }

  close(): void {
    this.#client?.close();
  }
}

function perRequest(rounds: readonly number[]): string {
  return `${Math.round((median(rounds) * 1_000) / REQUESTS)} µs`;
}

/** A round: ms of the wall clock, and of the processors in either process. */
interface Taken {
  readonly wallMs: number;
  readonly serverMs: number;
  readonly clientMs: number;
}

async function taken(server: BenchServer, action: () => Promise<void>): Promise<Taken> {
  const serverBeforeMs = server.cpuMs();
  const clientBefore = process.cpuUsage();
  const startMs = performance.now();
  await action();
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(clientBefore);
  return { wallMs, serverMs: server.cpuMs() - serverBeforeMs, clientMs: (user + system) / 1_000 };
}
