import { expect, it } from "vitest";
import { templateYaml, withCluster } from "./workloads.ts";

const AGENT = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
${templateYaml("agent", "agent:1")}`;

withCluster("on DaemonSets", (kubectl) => {
  const follow = () => kubectl()("rollout", "status", "daemonset/agent", "--timeout=100s");

  it("applies one, follows its rollout and prints its columns", async () => {
    await kubectl()("apply", "-f", kubectl().file("agent.yaml", AGENT));
    expect(await follow()).toContain('daemon set "agent" successfully rolled out');
    const table = await kubectl()("get", "ds", "-o", "wide");
    expect(table).toMatch(
      /DESIRED\s+CURRENT\s+READY\s+UP-TO-DATE\s+AVAILABLE\s+NODE SELECTOR\s+AGE\s+CONTAINERS/,
    );
    expect(table).toMatch(/agent\s+2\s+2\s+2\s+2\s+2\s+<none>\s+\w+\s+main\s+agent:1\s+app=agent/);
  });

  it("rolls a new image out, shows the history, undoes and restarts it", async () => {
    await kubectl()("set", "image", "daemonset/agent", "main=agent:2");
    await follow();
    expect(await kubectl()("rollout", "history", "daemonset/agent")).toMatch(/REVISION.*\n1\s.*\n2\s/);
    expect(await kubectl()("rollout", "undo", "daemonset/agent")).toBe("daemonset.apps/agent rolled back\n");
    await follow();
    const images = ["get", "pods", "-l", "app=agent", "-o", "jsonpath={.items[*].spec.containers[0].image}"];
    expect(await kubectl()(...images)).toBe("agent:1 agent:1");
    expect(await kubectl()("rollout", "restart", "daemonset/agent")).toBe("daemonset.apps/agent restarted\n");
    await follow();
  });

  it("is left alone by a drain, described and deleted with its pods", async () => {
    const drained = await kubectl()("drain", "node-1", "--ignore-daemonsets", "--timeout=100s");
    expect(drained).toContain("node/node-1 drained");
    const story = await kubectl()("describe", "ds", "agent");
    expect(story).toMatch(/Desired Number of Nodes Scheduled: 2/);
    expect(story).toMatch(/SuccessfulCreate\s.*daemonset-controller\s+Created pod: agent-/);
    await kubectl()("delete", "ds", "agent", "--cascade=foreground", "--timeout=100s");
    expect(await kubectl()("get", "pods", "-l", "app=agent", "-o", "name")).toBe("");
  });
});
