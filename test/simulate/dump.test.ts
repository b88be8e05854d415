import { afterAll, expect, it } from "vitest";
import { Home } from "../cli/program.ts";

const home = new Home();
afterAll(() => home.remove([]));

/** What `kubectl get nodes,pods -A -o yaml` prints of a cluster, cut down to what matters. */
const DUMP = JSON.stringify({
  apiVersion: "v1",
  kind: "List",
  items: [
    node("node-1", []),
    node("node-2", [{ key: "dedicated", value: "a", effect: "NoSchedule" }]),
    node("node-3", [{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" }]),
    ...[1, 2, 3, 4].map((index) => pod(`web-${index}`, {})),
    pod("urgent", { priorityClassName: "urgent", priority: 9_000, preemptionPolicy: "PreemptLowerPriority" }),
  ],
});

function node(name: string, taints: readonly object[]): object {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: name, resourceVersion: "5", creationTimestamp: "2025-01-01T00:00:00Z" },
    spec: { taints, podCIDR: "10.0.0.0/24", podCIDRs: ["10.0.0.0/24"] },
    status: { capacity: { cpu: "2", memory: "8Gi", pods: "110" }, nodeInfo: { kubeletVersion: "v1.34.1" } },
  };
}

function pod(name: string, spec: object): object {
  const requests = { cpu: "1", memory: "1Gi" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", uid: name, resourceVersion: "6" },
    spec: {
      nodeName: "node-2",
      containers: [{ name: "main", image: "web", resources: { requests } }],
      ...spec,
    },
    status: { phase: "Running", podIP: "10.0.0.9" },
  };
}

it("a dump of a cluster is placed anew, in its namespaces, with its priorities and its nodes' taints", async () => {
  home.write("dump.json", DUMP);
  const both = ["--nodes", "dump.json", "--pods", "dump.json", "--duration", "1m", "-o", "json"];
  const { stdout, stderr } = await home.succeed(["simulate", ...both]);
  const { results } = JSON.parse(stdout) as { readonly results: readonly Record<string, unknown>[] };
  // Four fit on the two nodes that take everybody; the important one has pushed another one out.
  expect(results[0]).toMatchObject({ pods: 5, placed: 4, pending: 1, nodesUsed: 2, invariantViolations: 0 });
  expect(stderr).toContain("dump.json: 3 nodes left to --nodes");
  expect(stderr).toContain("dump.json: 5 pods of a cluster, to be placed anew");
});
