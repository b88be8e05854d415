import { expect, it } from "vitest";
import type { Kubectl } from "./kubectl.ts";
import { advance, templateYaml, withCluster } from "./workloads.ts";

const deployment = (name: string, replicas: number, cpu: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
${templateYaml(name).replace(
  "labels:",
  `annotations: {kubesim.dev/usage-cpu: ${cpu}, kubesim.dev/usage-memory: 64Mi}\n      labels:`,
)}`;

withCluster("on usage, in virtual time", (kubectl) => measureAndScale(kubectl), { virtual: {} });

function measureAndScale(kubectl: () => Kubectl): void {
  it("measures nodes and pods, sorted and by container", async () => {
    const yaml = `${deployment("idle", 1, "20m")}---\n${deployment("web", 2, "total trace 0s=100m 10m=400m")}`;
    await kubectl()("apply", "-f", kubectl().file("both.yaml", yaml));
    await advance(kubectl(), "1m");
    const nodes = await kubectl()("top", "nodes");
    expect(nodes).toMatch(/^NAME +CPU\(cores\) +CPU(\(%\)|%) +MEMORY\(bytes\) +MEMORY(\(%\)|%)/);
    expect(nodes).toMatch(/node-1 +\d+m +\d% +\d+Mi +\d%/);
    const names = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => line.split(/-| +/)[0]);
    const sorted = await kubectl()("top", "pods", "--sort-by=cpu", "--no-headers");
    expect(names(sorted)).toEqual(["web", "web", "idle"]);
    expect(sorted).toMatch(/idle-\S+ +20m +64Mi/);
    const containers = await kubectl()("top", "pods", "-A", "--containers", "-l", "app=idle");
    expect(containers).toMatch(
      /NAMESPACE +POD +NAME +CPU\(cores\) +MEMORY\(bytes\) *\ndefault +idle-\S+ +main +20m +64Mi/,
    );
    expect((await kubectl().run(["top", "pod", "nobody"])).stderr).toBe(
      'Error from server (NotFound): pods "nobody" not found\n',
    );
    expect((await kubectl().run(["top", "node", "nobody"])).stderr).toContain('nodes "nobody" not found');
  });

  it("scales up by load, and tells why in both versions of the autoscaler", async () => {
    expect(
      await kubectl()("autoscale", "deployment", "web", "--cpu-percent=50", "--min=2", "--max=6"),
    ).toContain("horizontalpodautoscaler.autoscaling/web autoscaled");
    await advance(kubectl(), "1m");
    expect(await kubectl()("get", "hpa")).toMatch(/web +Deployment\/web +cpu: 50%\/50% +2 +6 +2 /);
    await advance(kubectl(), "12m");
    expect(await kubectl()("get", "hpa.v1.autoscaling", "web")).toMatch(/web +Deployment\/web .* 2 +6 +6 /);
    const story = await kubectl()("describe", "hpa", "web");
    expect(story).toMatch(/resource cpu on pods +\(as a percentage of request\): +\d+% \(\d+m\) \/ 50%/);
    expect(story).toMatch(/AbleToScale +True/);
    expect(story).toMatch(/ScalingLimited +True +TooManyReplicas/);
    expect(story).toContain(
      "New size: 6; reason: cpu resource utilization (percentage of request) above target",
    );
    expect(await kubectl()("get", "deployment", "web")).toMatch(/web +6\/6/);
    const percent = ["-o", "jsonpath={.apiVersion} {.spec.targetCPUUtilizationPercentage}"];
    expect(await kubectl()("get", "horizontalpodautoscalers.v1.autoscaling", "web", ...percent)).toBe(
      "autoscaling/v1 50",
    );
  });
}
