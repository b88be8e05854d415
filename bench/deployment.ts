import { RawClient } from "./raw-client.ts";
import { type BenchServer, startServer } from "./server.ts";
import { type Benchmark, grouped } from "./table.ts";
import { NODES_PATH, nodeBodies, untilNodesReady } from "./workload.ts";

const NODES = 1_000;
const REPLICAS = 10_000;
const ROUNDS = 3;
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

/** Deployment, ReplicaSet, scheduler and agents together: nobody but the server does anything. */
export const deployment: Benchmark = {
  name: "deployment",
  summary: `a Deployment scaled from 0 to ${grouped(REPLICAS)} on ${grouped(NODES)} nodes, until all are Ready`,
  async run(print) {
    const server = await startServer(["--store", "memory"]);
    const client = await RawClient.open(server.target, 1);
    try {
      await client.postAll(NODES_PATH, nodeBodies(NODES));
      await untilNodesReady(client, NODES);
      print(["round", "created/s", "Ready/s", "server CPU per pod", "resident"]);
      for (let round = 1; round <= ROUNDS; round++)
        print([`${round}`, ...(await scaleUp(server, client, round))]);
    } finally {
      client.close();
      await server.stop();
    }
  },
};

async function scaleUp(server: BenchServer, client: RawClient, round: number): Promise<string[]> {
  const name = `bench-${round}`;
  const path = `${DEPLOYMENTS}/${name}`;
  const apply = (replicas: number, status: number) =>
    client.applyAll([`${path}?fieldManager=bench`], [manifest(name, replicas)], status);
  await apply(0, 201);
  const cpuBeforeMs = server.cpuMs();
  const startMs = performance.now();
  await apply(REPLICAS, 200);
  await untilStatus(client, path, "replicas");
  const createdMs = performance.now() - startMs;
  await untilStatus(client, path, "readyReplicas");
  const readyMs = performance.now() - startMs;
  return [
    grouped((REPLICAS * 1_000) / createdMs),
    grouped((REPLICAS * 1_000) / readyMs),
    `${Math.round(((server.cpuMs() - cpuBeforeMs) * 1_000) / REPLICAS)} µs`,
    `${Math.round(server.residentBytes() / 1e6)} MB`,
  ];
}

async function untilStatus(
  client: RawClient,
  path: string,
  field: "replicas" | "readyReplicas",
): Promise<void> {
  for (;;) {
    const { status } = JSON.parse((await client.get(path)).body) as { status?: Record<string, number> };
    if (status?.[field] === REPLICAS) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function manifest(name: string, replicas: number): string {
  const labels = { app: name };
  const resources = { requests: { cpu: "250m", memory: "256Mi" } };
  const containers = [{ name: "main", image: "registry.k8s.io/pause:3.10", resources }];
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  });
}
