import { afterAll, beforeAll, describe, it } from "vitest";
import { type RunningCluster, startCluster } from "../../src/cluster/cluster.ts";
import { createTlsFiles } from "../../src/server/tls.ts";
import { binaries, type Kubectl, kubectlFor, kubectlRequirement, type Target } from "./kubectl.ts";

const NODE = (name: string) => `apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: {kubernetes.io/hostname: ${name}}
status:
  capacity: {cpu: "8", memory: 16Gi, pods: "110"}
  allocatable: {cpu: "8", memory: 16Gi, pods: "110"}
---
`;

/**
 * Runs tests with every kubectl, each against a whole cluster of its own with two nodes. In `virtual` time nothing
 * moves until `advance` is called.
 */
export function withCluster(
  name: string,
  define: (kubectl: () => Kubectl) => void,
  time: { readonly virtual?: object } = {},
): void {
  describe.skipIf(!kubectlRequirement.available).each(binaries)(`kubectl ${name} (%s)`, (binary) => {
    let kubectl: Kubectl | undefined;
    const cluster = useCluster((target) => {
      kubectl = kubectlFor(binary, target);
      return addNodes(kubectl, time);
    }, time);
    afterAll(async () => {
      kubectl?.dispose();
      await cluster.stop();
    });
    define(() => kubectl as Kubectl);
    it("ends with a server that still answers", async () => {
      await kubectl?.("get", "--raw", "/healthz");
    });
  });
}

/** A whole cluster for the tests of one `describe`, which also stops it. `prepare` is told where it is. */
export function useCluster(
  prepare: (target: Target) => Promise<void>,
  time: { readonly virtual?: object } = {},
): { stop(): Promise<void> } {
  let cluster: RunningCluster | undefined;
  beforeAll(async () => {
    const token = "workloads";
    const tls = await createTlsFiles(Date.now());
    const listen = { port: 0, token, tls };
    cluster = await startCluster({ store: { kind: "memory" }, listen, version: "0.0.0", ...time });
    const url = cluster.listening?.url as string;
    await prepare({ url, token, certificateAuthority: tls.caCert });
  });
  return { stop: async () => cluster?.stop() };
}

/** Two nodes, waited for. */
export async function addNodes(kubectl: Kubectl, time: { readonly virtual?: object } = {}): Promise<void> {
  const nodes = [NODE("node-1"), NODE("node-2")].join("");
  await kubectl("create", "-f", kubectl.file("nodes.yaml", nodes));
  if (time.virtual !== undefined) await advance(kubectl, "5s");
  await kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=100s");
}

/** Lets time go on in a cluster whose time is virtual, as far as `1m30s` says. */
export async function advance(kubectl: Kubectl, duration: string): Promise<void> {
  const body = kubectl.file("advance.json", JSON.stringify({ spec: { duration } }));
  await kubectl("create", "--raw", "/apis/kubesim.dev/v1alpha1/clusterclocks/cluster/advance", "-f", body);
}

/** The part of a workload's manifest from `template` on, indented for `spec`. */
export function templateYaml(app: string, image = "web:1", extra = ""): string {
  return `  template:
    metadata:
      labels: {app: ${app}}
    spec:
      containers:
      - name: main
        image: ${image}
        resources: {requests: {cpu: 100m}}
${extra}`;
}
