import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

/** A pod as a manifest; `spec` and `container` are what matters about it. */
function pod(name: string, app: string, spec: object, container: object = {}): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app } },
    spec: { containers: [{ name: "main", image: "a", ...container }], ...spec },
  });
}

const selector = (app: string) => ({ labelSelector: { matchLabels: { app } } });
const byHostname = { topologyKey: "kubernetes.io/hostname" };
const NO_VICTIMS = "No preemption victims found for incoming pod";

withCluster("on scheduling", (kubectl) => {
  const create = async (...manifests: string[]) => {
    for (const manifest of manifests) await kubectl()("create", "-f", kubectl().file("pod.json", manifest));
  };
  const ready = (...names: string[]) =>
    kubectl()("wait", "--for=condition=Ready", "--timeout=100s", ...names.map((name) => `pod/${name}`));
  const waits = async (name: string, message: string) => {
    await kubectl()("wait", `pod/${name}`, "--for=condition=PodScheduled=False", "--timeout=100s");
    const described = () => kubectl()("describe", "pod", name);
    await expect.poll(described).toMatch(/Warning\s+FailedScheduling/);
    expect(await described()).toContain(message);
  };
  const clear = () => kubectl()("delete", "pods", "--all", "--now");

  it("lets a pod wait that may stand beside none of its kind, until one goes", async () => {
    const apart = {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ ...selector("apart"), ...byHostname }],
        },
      },
    };
    await create(...["a1", "a2", "a3"].map((name) => pod(name, "apart", apart)));
    await ready("a1", "a2");
    const because = "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.";
    await waits("a3", `${because} preemption: 0/2 nodes are available: 2 ${NO_VICTIMS}.`);
    await kubectl()("delete", "pod", "a1", "--now");
    await ready("a3");
    await clear();
  });

  it("spreads over nodes, the closed one counted, until it is open again", async () => {
    const spread = { ...byHostname, ...selector("even"), maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" };
    await kubectl()("cordon", "node-2");
    await create(...["s1", "s2"].map((name) => pod(name, "even", { topologySpreadConstraints: [spread] })));
    await ready("s1");
    await waits(
      "s2",
      "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, " +
        `1 node(s) were unschedulable. preemption: 0/2 nodes are available: 1 ${NO_VICTIMS}, ` +
        "1 Preemption is not helpful for scheduling.",
    );
    await kubectl()("uncordon", "node-2");
    await ready("s2");
    await clear();
  });

  it("gives a port of a node to one pod", async () => {
    const ports = { ports: [{ containerPort: 80, hostPort: 8080 }] };
    await create(...["p1", "p2", "p3"].map((name) => pod(name, "port", {}, ports)));
    await ready("p1", "p2");
    await waits(
      "p3",
      "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.",
    );
    await kubectl()("delete", "pod", "p2", "--now");
    await ready("p3");
    await clear();
  });

  it("sends a lesser pod away for a greater one", async () => {
    const big = { resources: { requests: { cpu: "6" } } };
    await kubectl()("create", "priorityclass", "gold", "--value=1000");
    await create(...["low-1", "low-2"].map((name) => pod(name, "low", {}, big)));
    await ready("low-1", "low-2");
    const watch = kubectl().start("get", "pods", "-o", "wide", "--watch");
    await watch.until(/low-2/);
    await create(pod("high", "high", { priorityClassName: "gold" }, big));
    // Columns: NODE, NOMINATED NODE, READINESS GATES.
    await watch.until(/high\s+0\/1\s+Pending\s.*<none>\s+<none>\s+node-[12]\s+<none>/);
    watch.stop();
    await ready("high");
    const left = await kubectl()("get", "pods", "-o", "name");
    expect(left.trim().split("\n")).toHaveLength(2);
    const events = await kubectl()("get", "events", "--field-selector=reason=Preempted");
    const uid = await kubectl()("get", "pod", "high", "-o", "jsonpath={.metadata.uid}");
    const node = await kubectl()("get", "pod", "high", "-o", "jsonpath={.spec.nodeName}");
    expect(events).toMatch(
      new RegExp(`Normal\\s+Preempted\\s+pod/low-[12]\\s+Preempted by pod ${uid} on node ${node}`),
    );
    await clear();
  });

  it("holds a pod behind its gates until they are taken away", async () => {
    await create(pod("held", "held", { schedulingGates: [{ name: "example.com/quota" }] }));
    expect(await kubectl()("get", "pod", "held")).toMatch(/held\s+0\/1\s+SchedulingGated\s/);
    const remove = '[{"op":"remove","path":"/spec/schedulingGates"}]';
    await kubectl()("patch", "pod", "held", "--type=json", "-p", remove);
    await ready("held");
    const again = '{"spec":{"schedulingGates":[{"name":"late"}]}}';
    const refused = await kubectl().run(["patch", "pod", "held", "-p", again]);
    expect(refused.stderr).toContain("only deletion is allowed, but found new scheduling gate 'late'");
  });
});
