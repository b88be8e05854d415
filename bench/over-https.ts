import { RawClient } from "./raw-client.ts";
import { type BenchServer, startServer } from "./server.ts";
import { type Benchmark, grouped } from "./table.ts";
import { NODES_PATH, nodeBodies, PODS_PATH, podBodies, untilNodesReady, untilNone } from "./workload.ts";

const PODS = 10_000;
const ROUNDS = 2;
/** How the client asks: connections, and requests under way on each. */
const WAYS = [
  { connections: 64, depth: 1 },
  { connections: 8, depth: 16 },
] as const;
type Way = (typeof WAYS)[number];

/** The whole way of a pod: POST over HTTPS by another process, scheduled, reported Running. */
export const overHttps: Benchmark = {
  name: "over-https",
  summary: `${grouped(PODS)} pods created over HTTPS, scheduled and Running (round ${ROUNDS} on one server)`,
  async run(print) {
    print(["store", "nodes", "connections x requests", "created/s", "Running/s", "server CPU per pod"]);
    for (const store of ["memory", "lmdb"]) {
      for (const nodeCount of [1_000, 5_000]) {
        for (const way of WAYS) print(await measure(store, nodeCount, way));
      }
    }
  },
};

async function measure(store: string, nodeCount: number, way: Way): Promise<string[]> {
  const server = await startServer(["--store", store]);
  const client = await RawClient.open(server.target, way.connections);
  try {
    await client.postAll(NODES_PATH, nodeBodies(nodeCount));
    await untilNodesReady(client, nodeCount);
    // The first round warms the server up; the last one counts.
    let figures: string[] = [];
    for (let round = 1; round <= ROUNDS; round++)
      figures = await placeAll(server, client, way, `round-${round}`);
    return [store, grouped(nodeCount), `${way.connections} x ${way.depth}`, ...figures];
  } finally {
    client.close();
    await server.stop();
  }
}

async function placeAll(server: BenchServer, client: RawClient, way: Way, prefix: string): Promise<string[]> {
  const bodies = podBodies(PODS, prefix);
  const cpuBeforeMs = server.cpuMs();
  const startMs = performance.now();
  await client.postAll(PODS_PATH, bodies, way.depth);
  const createdMs = performance.now() - startMs;
  await untilNone(client, PODS_PATH, "status.phase!=Running");
  const runningMs = performance.now() - startMs;
  const cpuPerPodMicros = ((server.cpuMs() - cpuBeforeMs) * 1_000) / PODS;
  return [
    grouped((PODS / createdMs) * 1_000),
    grouped((PODS / runningMs) * 1_000),
    `${Math.round(cpuPerPodMicros)} µs`,
  ];
}
