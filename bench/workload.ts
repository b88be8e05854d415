import type { RawClient } from "./raw-client.ts";

/** Nodes of 32 CPUs and 256 GiB named bench-node-N, as JSON bodies. */
export function nodeBodies(count: number): string[] {
  const resources = { cpu: "32", memory: "256Gi", pods: "110" };
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: `bench-node-${index + 1}` },
      status: { capacity: resources, allocatable: resources },
    }),
  );
}

/** Pods of 250m and 256 MiB named PREFIX-N, as JSON bodies. */
export function podBodies(count: number, prefix = "bench-pod"): string[] {
  const resources = { requests: { cpu: "250m", memory: "256Mi" } };
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${prefix}-${index + 1}` },
      spec: { containers: [{ name: "main", image: "registry.k8s.io/pause:3.10", resources }] },
    }),
  );
}

export const PODS_PATH = "/api/v1/namespaces/default/pods";
export const NODES_PATH = "/api/v1/nodes";

/** Polls until no object of the collection matches the field selector any more. */
export async function untilNone(client: RawClient, path: string, fieldSelector: string): Promise<void> {
  for (;;) {
    const { body } = await client.get(`${path}?limit=1&fieldSelector=${encodeURIComponent(fieldSelector)}`);
    const { items } = JSON.parse(body) as { items: unknown[] };
    if (items.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Polls until every Node is Ready. */
export async function untilNodesReady(client: RawClient, count: number): Promise<void> {
  for (;;) {
    const { body } = await client.get(NODES_PATH);
    const { items } = JSON.parse(body) as {
      items: { status: { conditions?: { type: string; status: string }[] } }[];
    };
    const ready = items.filter((node) =>
      node.status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True"),
    );
    if (ready.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
