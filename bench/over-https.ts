import { RawClient } from "./raw-client.ts";
import { startServer } from "./server.ts";
import { type Benchmark, grouped } from "./table.ts";
import { NODES_PATH, nodeBodies, PODS_PATH, podBodies, untilNodesReady, untilNone } from "./workload.ts";

const CONNECTIONS = 64;
const PODS = 10_000;

/** The whole way of a pod: POST over HTTPS by another process, scheduled, reported Running. */
export const overHttps: Benchmark = {
  name: "over-https",
  summary: `${grouped(PODS)} pods created over HTTPS (${CONNECTIONS} connections), scheduled and Running`,
  async run(print) {
    print(["store", "nodes", "created/s", "Running/s", "server CPU per pod"]);
    for (const store of ["memory", "lmdb"]) {
      for (const nodeCount of [1_000, 5_000]) print(await measure(store, nodeCount));
    }
  },
};

async function measure(store: string, nodeCount: number): Promise<string[]> {
  const server = await startServer(["--store", store]);
  const client = await RawClient.open(server.target, CONNECTIONS);
  try {
    await client.postAll(NODES_PATH, nodeBodies(nodeCount));
    await untilNodesReady(client, nodeCount);
    const bodies = podBodies(PODS);
    const cpuBeforeMs = server.cpuMs();
    const startMs = performance.now();
    await client.postAll(PODS_PATH, bodies);
    const createdMs = performance.now() - startMs;
    await untilNone(client, PODS_PATH, "status.phase!=Running");
    const runningMs = performance.now() - startMs;
    const cpuPerPodMicros = ((server.cpuMs() - cpuBeforeMs) * 1_000) / PODS;
    return [
      store,
      grouped(nodeCount),
      grouped((PODS / createdMs) * 1_000),
      grouped((PODS / runningMs) * 1_000),
      `${Math.round(cpuPerPodMicros)} µs`,
    ];
  } finally {
    client.close();
    await server.stop();
  }
}
