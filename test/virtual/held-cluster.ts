import { type RunningCluster, startCluster } from "../../src/cluster/cluster.ts";
import { fetchFrom } from "../../src/server/fetch.ts";
import type { Json } from "../in-memory-server.ts";

const CLOCK = "/apis/kubesim.dev/v1alpha1/clusterclocks/cluster";

/** A whole cluster whose time is held, reached through its API as any client does. */
export interface HeldCluster {
  readonly cluster: RunningCluster;
  /** Sends JSON and returns status and body. */
  send(
    method: string,
    path: string,
    body?: Json,
    type?: string,
  ): Promise<{ status: number; body: Json; time: string | null }>;
  clock(): Promise<Json>;
  advance(duration: string, more?: Json): Promise<Json>;
  patchClock(spec: Json): Promise<{ status: number; body: Json }>;
  addNode(name: string): Promise<void>;
  launch(name: string, annotations?: Record<string, string>, restartPolicy?: string): Promise<void>;
  pod(name: string): Promise<Json>;
}

/** Starts one; `directory`: with its objects on disk. */
export async function startHeld(directory?: string, seed = "held"): Promise<HeldCluster> {
  const cluster = await startCluster({
    store: directory === undefined ? { kind: "memory" } : { kind: "lmdb", directory },
    virtual: {},
    settings: { seed },
    version: "1.2.3",
  });
  const fetch = fetchFrom(cluster.handler);
  const send: HeldCluster["send"] = async (method, path, body, type = "application/json") => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(
      new Request(`http://localhost${path}`, { ...init, headers: { "content-type": type } }),
    );
    return {
      status: response.status,
      body: await response.json(),
      time: response.headers.get("kubesim-time"),
    };
  };
  const created = async (path: string, body: Json) => {
    const answer = await send("POST", path, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  };
  return {
    cluster,
    send,
    clock: async () => (await send("GET", CLOCK)).body,
    advance: async (duration, more = {}) =>
      (await send("POST", `${CLOCK}/advance`, { spec: { duration, ...more } })).body,
    patchClock: (spec) => send("PATCH", CLOCK, { spec }, "application/merge-patch+json"),
    addNode: (name) =>
      created("/api/v1/nodes", {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name },
        status: { capacity: { cpu: "4", memory: "8Gi", pods: "110" } },
      }),
    launch: (name, annotations = {}, restartPolicy = "Never") =>
      created("/api/v1/namespaces/default/pods", {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name, annotations },
        spec: {
          restartPolicy,
          containers: [{ name: "main", image: "pause", resources: { requests: { cpu: "1" } } }],
        },
      }),
    pod: async (name) => (await send("GET", `/api/v1/namespaces/default/pods/${name}`)).body,
  };
}
