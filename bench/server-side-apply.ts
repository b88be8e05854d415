import { KINDS } from "../src/api/registry.ts";
import { fixedKinds } from "../src/api/served-kinds.ts";
import { RealClock } from "../src/clock/real.ts";
import { createRandom } from "../src/lib/random.ts";
import { createHandler } from "../src/server/handler.ts";
import { bootstrap } from "../src/store/bootstrap.ts";
import { MemoryStore } from "../src/store/memory.ts";
import { StoredObjects } from "../src/store/objects.ts";
import { RawClient } from "./raw-client.ts";
import { startServer } from "./server.ts";
import { type Benchmark, grouped } from "./table.ts";

const OBJECTS = 5_000;
const CONNECTIONS = 8;
const DEPTH = 16;
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

/** What an apply may find: no object, one that it changes, one that is as it should be. */
const ROUNDS = [
  { name: "create", status: 201, image: "nginx:1" },
  { name: "change", status: 200, image: "nginx:2" },
  { name: "no change", status: 200, image: "nginx:2" },
] as const;

type Send = (paths: readonly string[], bodies: readonly string[], status: number) => Promise<void>;

/** Milliseconds of processor time, so that neighbours do not matter. */
type CpuMs = () => number;

const ownCpuMs: CpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Deployments applied on the server's side, in this process and over HTTPS by another. */
export const serverSideApply: Benchmark = {
  name: "server-side-apply",
  summary: `${grouped(OBJECTS)} paused Deployments applied on the server's side, applies per second of processor time`,
  async run(print) {
    print(["way", ...ROUNDS.map((round) => round.name)]);
    // What is warm shows; the first run is not printed.
    await measure(await inMemory(), ownCpuMs);
    print(["handler in memory", ...(await measure(await inMemory(), ownCpuMs))]);
    const server = await startServer(["--store", "memory"]);
    const client = await RawClient.open(server.target, CONNECTIONS);
    try {
      print([
        `HTTPS, ${CONNECTIONS} x ${DEPTH}`,
        ...(await measure(
          (paths, bodies, status) => client.applyAll(paths, bodies, status, DEPTH),
          server.cpuMs,
        )),
      ]);
    } finally {
      client.close();
      await server.stop();
    }
  },
};

async function measure(send: Send, cpuMs: CpuMs): Promise<string[]> {
  const names = Array.from({ length: OBJECTS }, (_, index) => `bench-${index + 1}`);
  const paths = names.map((name) => `${DEPLOYMENTS}/${name}?fieldManager=bench&force=true`);
  const figures: string[] = [];
  for (const { image, status } of ROUNDS) {
    const bodies = names.map((name) => deployment(name, image));
    const startMs = cpuMs();
    await send(paths, bodies, status);
    figures.push(grouped((OBJECTS * 1_000) / (cpuMs() - startMs)));
  }
  return figures;
}

async function inMemory(): Promise<Send> {
  const clock = new RealClock();
  const random = createRandom("bench");
  const objects = new StoredObjects({ store: new MemoryStore(), clock, random });
  await bootstrap(objects);
  const onError = (error: unknown) => {
    throw error;
  };
  const handler = createHandler({
    objects,
    kinds: fixedKinds(KINDS),
    clock,
    random,
    version: "0.0.0",
    token: undefined,
    onError,
  });
  const headers: Readonly<Record<string, string>> = {
    host: "localhost",
    "content-type": "application/apply-patch+yaml",
  };
  return async (paths, bodies, expected) => {
    for (const [index, target] of paths.entries()) {
      const body = Buffer.from(bodies[index] as string);
      const { status } = await handler.handle({
        method: "PATCH",
        target,
        header: (name) => headers[name],
        headersFrom: () => [],
        readBody: () => Promise.resolve(body),
      });
      if (status !== expected) throw new Error(`PATCH ${target}: ${status}`);
    }
  };
}

function deployment(name: string, image: string): string {
  const labels = { app: name };
  const resources = { requests: { cpu: "250m", memory: "256Mi" } };
  const containers = [{ name: "main", image, ports: [{ containerPort: 80 }], resources }];
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels },
    spec: {
      paused: true,
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  });
}
