import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { type NodeFault, nodeFaults } from "../api/kinds/node-fault.ts";
import type { Objects } from "../api/objects.ts";
import { ownKubeconfig } from "../client/own-kubeconfig.ts";
import { writePrivateFile } from "../client/private-files.ts";
import { RealClock } from "../clock/real.ts";
import { type RunningCluster, startCluster as startParts } from "../cluster/cluster.ts";
import { VERSION } from "../cluster/version.ts";
import { fetchFrom } from "../server/fetch.ts";
import { createTlsFiles, type TlsFiles } from "../server/tls.ts";
import { createClient } from "./client.ts";
import type { Cluster, NodeOptions, StartOptions, VirtualCluster } from "./cluster.ts";
import { clusterClock } from "./cluster-clock.ts";
import { createNodes, notReady } from "./nodes.ts";
import { checkOptions } from "./options.ts";
import { waitFor } from "./wait-for.ts";

const TOKEN_BYTES = 32;

/**
 * Starts a cluster in this process: its API on a free port of 127.0.0.1 and in memory, its scheduler, controllers and
 * simulated nodes. It keeps all its state in memory and leaves nothing behind. Any number may run at a time. Fails with
 * TypeError for options that cannot be, and with the system's error when a given port is taken.
 */
export function startCluster(options: StartOptions & { readonly time: "virtual" }): Promise<VirtualCluster>;
/** In real time unless told otherwise. */
export function startCluster(options?: StartOptions): Promise<Cluster>;
/** The one behind both. */
export async function startCluster(options: StartOptions = {}): Promise<Cluster> {
  checkOptions(options);
  const tls = await tlsFiles();
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const running = await startParts({
    store: { kind: "memory" },
    listen: { port: options.port ?? 0, token, tls },
    virtual: options.time === "virtual" ? startOf(options) : undefined,
    settings: {
      strategy: options.strategy ?? "kubernetes",
      timingProfile: options.timing ?? "kubernetes",
      ...(options.seed !== undefined && { seed: options.seed }),
    },
    version: VERSION,
    log: { info: () => undefined, error: options.onError ?? (() => undefined) },
  });
  const cluster = faceOf(running, { token, tls, kubeconfigPath: options.kubeconfigPath });
  try {
    if (options.kubeconfigPath !== undefined)
      await writePrivateFile(options.kubeconfigPath, cluster.kubeconfig);
    const wanted = options.nodes ?? 0;
    for (const nodes of Array.isArray(wanted) ? wanted : [wanted])
      await cluster.addNodes(nodes as NodeOptions);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

let shared: Promise<TlsFiles> | undefined;

/** One pair of certificates for all clusters of this process: who may come in is the token's matter. */
function tlsFiles(): Promise<TlsFiles> {
  shared ??= createTlsFiles(new RealClock().now());
  return shared;
}

function startOf({ startTime }: StartOptions): { readonly startMs?: number } {
  return startTime === undefined ? {} : { startMs: new Date(startTime).getTime() };
}

interface Door {
  readonly token: string;
  readonly tls: TlsFiles;
  readonly kubeconfigPath: string | undefined;
}

function faceOf(running: RunningCluster, { token, tls, kubeconfigPath }: Door): Cluster {
  const { objects, clock } = running;
  const { url } = running.listening as { readonly url: string };
  const own = { cluster: "test", url, certificateAuthority: tls.caCert, token };
  const answer = fetchFrom(running.handler);
  const fetch = (input: string | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(typeof input === "string" ? new URL(input, url) : input, init);
    if (!request.headers.has("authorization")) request.headers.set("authorization", `Bearer ${token}`);
    return answer(request);
  };
  let stopped: Promise<void> | undefined;
  const end = async () => {
    await running.stop();
    if (kubeconfigPath !== undefined) await rm(kubeconfigPath, { force: true });
  };
  const cluster: Cluster = {
    kubeconfig: ownKubeconfig(own),
    url,
    token,
    certificateAuthority: tls.caCert,
    client: createClient(fetch),
    clock: clusterClock(clock),
    fetch,
    addNodes: async (nodes) => {
      const names = await createNodes(objects, nodes);
      await cluster.waitFor(async () => (await notReady(objects, names)).length === 0, { timeout: "60s" });
      return names;
    },
    failNode: (name, fault = "node-crash") => hurt(objects, name, fault),
    healNode: (name) => heal(objects, name),
    waitFor: (condition, limits) => waitFor(clock, condition, limits),
    stop: () => {
      stopped ??= end();
      return stopped;
    },
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
  return cluster;
}

async function hurt(objects: Objects, nodeName: string, fault: string): Promise<void> {
  await objects.create<NodeFault>(nodeFaults, {
    apiVersion: "kubesim.dev/v1alpha1",
    kind: "NodeFault",
    metadata: { name: `${nodeName}.${fault}` },
    spec: { nodeName, fault, origin: "user" },
    status: {},
  });
}

async function heal(objects: Objects, nodeName: string): Promise<void> {
  const { items } = await objects.list<NodeFault>(nodeFaults, { fieldSelector: `spec.nodeName=${nodeName}` });
  for (const { metadata } of items) await objects.delete(nodeFaults, { name: metadata.name });
}
