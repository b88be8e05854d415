import { RawClient } from "./raw-client.ts";
import { ask, openSocket } from "./raw-stream.ts";
import { type BenchServer, startServer } from "./server.ts";
import { type Benchmark, grouped, median } from "./table.ts";
import { NODES_PATH, nodeBodies, PODS_PATH, podBodies, untilNodesReady, untilNone } from "./workload.ts";

const NODES = 1_000;
const PODS = 10_000;
const LISTS = 9;

const FORMS = [
  { name: "JSON", accept: "application/json" },
  { name: "Table", accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
] as const;

/** What a client waits for when it lists many pods, and what it costs the server. */
export const lists: Benchmark = {
  name: "lists",
  summary: `list of ${grouped(PODS)} pods over HTTPS: the first since all of them changed, median of ${LISTS} more`,
  async run(print) {
    const server = await startServer(["--store", "memory"]);
    const client = await RawClient.open(server.target, 8);
    try {
      await client.postAll(NODES_PATH, nodeBodies(NODES));
      await untilNodesReady(client, NODES);
      await client.postAll(PODS_PATH, podBodies(PODS), 16);
      await untilNone(client, PODS_PATH, "status.phase!=Running");
      print(["form", "size", "first", "then", "rate", "server CPU"]);
      for (const [at, { name, accept }] of FORMS.entries()) {
        await touchAll(client, at);
        const first = await list(server, accept);
        const others: Listed[] = [];
        for (let round = 0; round < LISTS; round++) others.push(await list(server, accept));
        const ms = median(others.map((listed) => listed.ms));
        print([
          name,
          `${(first.bytes / 1e6).toFixed(1)} MB`,
          `${Math.round(first.ms)} ms`,
          `${Math.round(ms)} ms`,
          `${grouped(first.bytes / 1e3 / ms)} MB/s`,
          `${Math.round(others.reduce((sum, listed) => sum + listed.cpuMs, 0) / LISTS)} ms`,
        ]);
      }
    } finally {
      client.close();
      await server.stop();
    }
  },
};

/** Writes every pod anew, so that nothing kept of it can be used. */
async function touchAll(client: RawClient, round: number): Promise<void> {
  const bodies = podBodies(PODS).map((body) => {
    const { apiVersion, kind, metadata } = JSON.parse(body);
    return JSON.stringify({ apiVersion, kind, metadata: { ...metadata, labels: { round: `${round}` } } });
  });
  const paths = bodies.map((_, at) => `${PODS_PATH}/bench-pod-${at + 1}?fieldManager=bench&force=true`);
  await client.applyAll(paths, bodies, 200, 16);
}

interface Listed {
  readonly bytes: number;
  readonly ms: number;
  readonly cpuMs: number;
}

/** One list on a new connection, from the request to the last byte; nothing of it is kept. */
async function list({ target, cpuMs }: BenchServer, accept: string): Promise<Listed> {
  const socket = await openSocket(target);
  const cpuBeforeMs = cpuMs();
  const startMs = performance.now();
  const bytes = await new Promise<number>((resolve, reject) => {
    let length = 0;
    socket.on("data", (chunk: Buffer) => {
      length += chunk.length;
    });
    socket.on("end", () => resolve(length));
    socket.on("error", reject);
    ask(target, socket, { path: PODS_PATH, accept, last: true });
  });
  return { bytes, ms: performance.now() - startMs, cpuMs: cpuMs() - cpuBeforeMs };
}
