import { RawClient } from "./raw-client.ts";
import { startServer } from "./server.ts";
import { type Benchmark, grouped } from "./table.ts";
import { NODES_PATH, nodeBodies, PODS_PATH, podBodies, untilNodesReady, untilNone } from "./workload.ts";

const NODES = 5_000;
const PODS = 150_000;
const IDLE_SECONDS = 10;

/** What a big cluster costs while nothing happens: processor time of idle nodes, memory of many pods. */
export const footprint: Benchmark = {
  name: "footprint",
  summary: "idle processor time and resident memory of a server process (memory store)",
  async run(print) {
    const server = await startServer(["--store", "memory"]);
    const client = await RawClient.open(server.target, 64);
    try {
      print(["cluster", "resident", "idle CPU of one core"]);
      await client.postAll(NODES_PATH, nodeBodies(NODES));
      await untilNodesReady(client, NODES);
      print(await measure(`${grouped(NODES)} nodes`, server));
      const bodies = podBodies(PODS);
      await client.postAll(PODS_PATH, bodies, 4);
      await untilNone(client, PODS_PATH, "status.phase!=Running");
      print(await measure(`${grouped(NODES)} nodes, ${grouped(PODS)} pods`, server));
    } finally {
      client.close();
      await server.stop();
    }
  },
};

async function measure(cluster: string, server: Awaited<ReturnType<typeof startServer>>): Promise<string[]> {
  await sleep(3_000);
  const beforeMs = server.cpuMs();
  await sleep(IDLE_SECONDS * 1_000);
  const idleShare = (server.cpuMs() - beforeMs) / (IDLE_SECONDS * 1_000);
  return [cluster, `${Math.round(server.residentBytes() / 1e6)} MB`, `${(idleShare * 100).toFixed(1)} %`];
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
