import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCluster, startCluster } from "../../src/cluster/cluster.ts";
import { createTlsFiles } from "../../src/server/tls.ts";
import { binaries, type Kubectl, kubectlFor, kubectlRequirement } from "./kubectl.ts";
import { podYaml } from "./suite.ts";

const NODE = (name: string) => `apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: {kubernetes.io/hostname: ${name}}
status:
  capacity: {cpu: "2", memory: 4Gi, pods: "110"}
  allocatable: {cpu: "2", memory: 4Gi, pods: "110"}
`;

/** The whole cluster, worked with kubectl alone: nodes come and go, pods are placed, run, move and end. */
describe.skipIf(!kubectlRequirement.available).each(binaries)("kubectl on a whole cluster (%s)", (binary) => {
  let cluster: RunningCluster;
  let kubectl: Kubectl;

  beforeAll(async () => {
    const token = "whole-cluster";
    const tls = await createTlsFiles(Date.now());
    cluster = await startCluster({
      store: { kind: "memory" },
      listen: { port: 0, token, tls },
      version: "0.0.0",
    });
    const url = cluster.listening?.url as string;
    kubectl = kubectlFor(binary, { url, token, certificateAuthority: tls.caCert });
  });

  afterAll(async () => {
    kubectl.dispose();
    await cluster.stop();
  });

  it("makes nodes Ready", async () => {
    for (const name of ["node-1", "node-2"])
      await kubectl("create", "-f", kubectl.file("node.yaml", NODE(name)));
    const waited = await kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=100s");
    expect(waited).toBe("node/node-1 condition met\nnode/node-2 condition met\n");
  });

  it("runs a pod and tells its story", async () => {
    await kubectl("apply", "-f", kubectl.file("web.yaml", podYaml("web")));
    await kubectl("wait", "pod/web", "--for=condition=Ready", "--timeout=100s");
    expect(await kubectl("get", "pods", "-o", "wide")).toMatch(
      /web\s+1\/1\s+Running\s+0\s+\w+\s+[\d.]+\s+node-1/,
    );
    const story = await kubectl("describe", "pod", "web");
    expect(story).toMatch(/Normal\s+Scheduled\s.*Successfully assigned default\/web to node-1/);
    const node = await kubectl("describe", "node", "node-1");
    expect(node).toMatch(/RenewTime:\s+\w+/);
    expect(node).toMatch(/default\s+web\s+100m \(5%\)/);
  });

  it("says why a pod does not fit", async () => {
    const large = podYaml("large").replace("cpu: 100m", "cpu: 64");
    await kubectl("create", "-f", kubectl.file("large.yaml", large));
    const events = kubectl.start("get", "events", "-w");
    expect(await events.until(/FailedScheduling.*\n/)).toContain(
      "0/2 nodes are available: 2 Insufficient cpu",
    );
    events.stop();
    await kubectl("delete", "pod", "large");
  });

  it("drains a node: its pods move to another", async () => {
    const drained = await kubectl("drain", "node-1", "--force", "--timeout=100s", "--grace-period=1");
    expect(drained).toContain("evicting pod default/web");
    expect(drained).toContain("node/node-1 drained");
    await kubectl("wait", "pod/web", "--for=jsonpath={.spec.nodeName}=node-2", "--timeout=100s");
    await kubectl("wait", "pod/web", "--for=condition=Ready", "--timeout=100s");
    expect(await kubectl("uncordon", "node-1")).toBe("node/node-1 uncordoned\n");
  });

  it("deletes a pod within its grace", async () => {
    await kubectl("delete", "pod", "web", "--grace-period=1", "--timeout=100s");
    expect((await kubectl.run(["get", "pods"])).stderr).toContain("No resources found");
  });

  it("is told of a strategy that nobody knows, and goes on with the one before", async () => {
    const settings = ["clustersettings", "cluster"];
    const ask = (strategy: string) =>
      kubectl("patch", ...settings, "--type=merge", "-p", JSON.stringify({ spec: { strategy } }));
    await ask("nope");
    const message = 'no strategy is called "nope"; "first-fit" stays in force';
    await expect.poll(() => kubectl("describe", ...settings)).toContain(message);
    expect(await kubectl("get", ...settings)).toMatch(/cluster\s+nope\s+first-fit\s+fast/);
    const told = kubectl.start("get", "events", "-A", "-w");
    expect(await told.until(/StrategyRefused.*\n/)).toContain(message);
    told.stop();
    await kubectl("create", "-f", kubectl.file("next.yaml", podYaml("next")));
    await kubectl("wait", "pod/next", "--for=condition=Ready", "--timeout=100s");
    await kubectl("delete", "pod", "next", "--grace-period=1", "--timeout=100s");
    await ask("first-fit");
    expect(await kubectl("get", ...settings)).toMatch(/cluster\s+first-fit\s+first-fit\s+fast/);
  });

  it("hurts and heals a node by an object", async () => {
    const fault = `apiVersion: kubesim.dev/v1alpha1
kind: NodeFault
metadata: {name: crash-1}
spec: {nodeName: node-1, fault: node-crash}
`;
    await kubectl("create", "-f", kubectl.file("fault.yaml", fault));
    await kubectl("wait", "node/node-1", "--for=condition=Ready=Unknown", "--timeout=100s");
    expect(await kubectl("get", "nodes")).toMatch(/node-1\s+NotReady/);
    await kubectl("delete", "nodefault", "crash-1");
    await kubectl("wait", "node/node-1", "--for=condition=Ready", "--timeout=100s");
  });
});
