import { expect, it } from "vitest";
import { templateYaml, withCluster } from "./workloads.ts";

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
${templateYaml("web")}`;

withCluster("on Services", (kubectl) => {
  it("exposes a Deployment and lists who is behind it", async () => {
    await kubectl()("apply", "-f", kubectl().file("web.yaml", WEB));
    const exposed = await kubectl()("expose", "deployment", "web", "--port=80", "--target-port=8080");
    expect(exposed).toBe("service/web exposed\n");
    await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    const table = await kubectl()("get", "service", "web", "-o", "wide");
    expect(table).toMatch(/NAME\s+TYPE\s+CLUSTER-IP\s+EXTERNAL-IP\s+PORT\(S\)\s+AGE\s+SELECTOR/);
    expect(table).toMatch(/web\s+ClusterIP\s+10\.96\.\d+\.\d+\s+<none>\s+80\/TCP\s+\w+\s+app=web/);
    const ready = ["get", "endpointslices", "-l", "kubernetes.io/service-name=web", "-o"];
    const path = "jsonpath={.items[*].endpoints[?(@.conditions.ready==true)].targetRef.name}";
    const count = async () => (await kubectl()(...ready, path)).split(" ").filter(Boolean).length;
    await expect.poll(count).toBe(3);
    await kubectl()("scale", "deployment", "web", "--replicas=1");
    await expect.poll(count).toBe(1);
    expect(await kubectl()("get", "endpointslices")).toMatch(/web-\w{5}\s+IPv4\s+8080\s+[\d.]+\s+\w+/);
    expect(await kubectl()("describe", "service", "web")).toMatch(
      /Selector:\s+app=web[\s\S]*TargetPort:\s+8080\/TCP/,
    );
  });

  it("creates services of every typed form", async () => {
    await kubectl()("create", "service", "clusterip", "inside", "--tcp=5678:8080");
    await kubectl()("create", "service", "nodeport", "outside", "--tcp=80", "--node-port=30123");
    await kubectl()("create", "service", "externalname", "elsewhere", "--external-name=example.com");
    await kubectl()("create", "service", "loadbalancer", "balanced", "--tcp=80");
    await kubectl()("create", "service", "clusterip", "headless", "--clusterip=None");
    const table = await kubectl()("get", "services");
    expect(table).toMatch(/outside\s+NodePort\s+[\d.]+\s+<none>\s+80:30123\/TCP/);
    expect(table).toMatch(/elsewhere\s+ExternalName\s+<none>\s+example.com\s+<none>/);
    expect(table).toMatch(/balanced\s+LoadBalancer\s+[\d.]+\s+<pending>\s+80:3\d{4}\/TCP/);
    expect(table).toMatch(/headless\s+ClusterIP\s+None\s+<none>\s+<none>/);
    const taken = await kubectl().run([
      "create",
      "service",
      "nodeport",
      "b",
      "--tcp=80",
      "--node-port=30123",
    ]);
    expect(taken.stderr).toContain("provided port is already allocated");
  });

  it("has the service kubernetes, and tells where the cluster is", async () => {
    expect(await kubectl()("get", "service", "kubernetes")).toMatch(/10\.96\.0\.1\s+<none>\s+443\/TCP/);
    expect(await kubectl()("cluster-info")).toContain("is running at");
  });

  it("keeps the address of a service and takes its slices away with it", async () => {
    const moved = await kubectl().run(["patch", "svc", "web", "-p", '{"spec":{"clusterIP":"10.96.0.77"}}']);
    expect(moved.stderr).toContain("spec.clusterIPs[0]: Invalid value:");
    await kubectl()("delete", "service", "web");
    const slices = () =>
      kubectl()("get", "endpointslices", "-l", "kubernetes.io/service-name=web", "-o", "name");
    await expect.poll(slices).toBe("");
  });
});
