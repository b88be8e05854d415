import { RawClient } from "./raw-client.ts";
import { type BenchServer, startServer } from "./server.ts";
import { type Benchmark, grouped } from "./table.ts";
import { NODES_PATH, nodeBodies, PODS_PATH, podBodies, untilNodesReady, untilNone } from "./workload.ts";

const NODES = 5_000;
const PODS = 150_000;
const IDLE_SECONDS = 10;
const SETTLE_MS = 3_000;

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
      await sleep(SETTLE_MS);
      print([`${grouped(NODES)} nodes`, residentText(server), await idleText(server)]);
      const bodies = podBodies(PODS);
      await client.postAll(PODS_PATH, bodies, 4);
      await untilNone(client, PODS_PATH, "status.phase!=Running");
      await sleep(SETTLE_MS);
      // Events of so many pods are still being written in the background, so this is no idle cluster yet.
      print([`${grouped(NODES)} nodes, ${grouped(PODS)} pods`, residentText(server), "-"]);
    } finally {
      client.close();
      await server.stop();
    }
  },
};

function residentText(server: BenchServer): string {
  return `${Math.round(server.residentBytes() / 1e6)} MB`;
}

async function idleText(server: BenchServer): Promise<string> {
  const beforeMs = server.cpuMs();
  await sleep(IDLE_SECONDS * 1_000);
  const idleShare = (server.cpuMs() - beforeMs) / (IDLE_SECONDS * 1_000);
  return `${(idleShare * 100).toFixed(1)} %`;
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
