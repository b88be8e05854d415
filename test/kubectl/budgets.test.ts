import { expect, it } from "vitest";
import { templateYaml, withCluster } from "./workloads.ts";

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
${templateYaml("web")}`;

withCluster("on budgets and priorities", (kubectl) => {
  it("creates a budget and shows what it allows", async () => {
    await kubectl()("apply", "-f", kubectl().file("web.yaml", WEB));
    await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    await kubectl()("create", "pdb", "web", "--selector=app=web", "--min-available=2");
    await kubectl()("create", "pdb", "half", "--selector=app=web", "--max-unavailable=50%");
    await kubectl()("wait", "pdb/half", "--for=jsonpath={.status.disruptionsAllowed}=1", "--timeout=100s");
    await kubectl()("wait", "pdb/web", "--for=jsonpath={.status.currentHealthy}=2", "--timeout=100s");
    const table = await kubectl()("get", "pdb");
    expect(table).toMatch(/NAME\s+MIN AVAILABLE\s+MAX UNAVAILABLE\s+ALLOWED DISRUPTIONS\s+AGE/);
    expect(table).toMatch(/half\s+N\/A\s+50%\s+1\s+\w+\nweb\s+2\s+N\/A\s+0\s+\w+/);
    await kubectl()("delete", "pdb", "half");
  });

  it("drains a node only when the budget lets it", async () => {
    const drain = ["drain", "node-1", "--force", "--grace-period=1"];
    const running = kubectl().start(...drain, "--timeout=100s");
    expect(await running.until(/will retry after 5s/)).toContain(
      "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    await kubectl()("patch", "pdb", "web", "-p", '{"spec":{"minAvailable":1}}');
    await running.until(/drained/);
    running.stop();
    await kubectl()("uncordon", "node-1");
  });

  it("says by how much an eviction would miss the budget", async () => {
    await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    await kubectl()("patch", "pdb", "web", "-p", '{"spec":{"minAvailable":"100%"}}');
    await kubectl()("wait", "pdb/web", "--for=jsonpath={.status.desiredHealthy}=2", "--timeout=100s");
    await kubectl()("wait", "pdb/web", "--for=jsonpath={.status.currentHealthy}=2", "--timeout=100s");
    const pod = await kubectl()("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[0].metadata.name}");
    const body = `{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"${pod}","namespace":"default"}}`;
    const path = `/api/v1/namespaces/default/pods/${pod}/eviction`;
    const refused = await kubectl().run([
      "create",
      "--raw",
      path,
      "-f",
      kubectl().file("e.json", body),
      "-v=8",
    ]);
    expect(refused.stderr).toContain("The disruption budget web needs 2 healthy pods and has 2 currently");
  });

  it("takes priorities from classes", async () => {
    await kubectl()("create", "priorityclass", "gold", "--value=1000", "--preemption-policy=Never");
    await kubectl()("create", "priorityclass", "usual", "--value=7", "--global-default=true");
    const table = await kubectl()("get", "pc");
    expect(table).toMatch(/NAME\s+VALUE\s+GLOBAL-DEFAULT\s+AGE\s+PREEMPTIONPOLICY/);
    expect(table).toMatch(/gold\s+1000\s+false\s+\w+\s+Never\n/);
    expect(table).toMatch(/system-cluster-critical\s+2000000000\s+false/);
    const overrides = '{"spec":{"priorityClassName":"gold"}}';
    await kubectl()("run", "rich", "--image=a", `--overrides=${overrides}`);
    await kubectl()("run", "plain", "--image=a");
    const shown =
      "jsonpath={range .items[*]}{.spec.priorityClassName}={.spec.priority}/{.spec.preemptionPolicy} {end}";
    const all = await kubectl()("get", "pods", "-o", shown, "--field-selector=metadata.name!=x");
    expect(all).toContain("gold=1000/Never");
    expect(all).toContain("usual=7/PreemptLowerPriority");
    const changed = await kubectl().run(["patch", "pc", "gold", "--type=merge", "-p", '{"value":5}']);
    expect(changed.stderr).toContain("value: Forbidden: may not be changed in an update.");
  });
});
