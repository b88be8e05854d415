import { expect, it } from "vitest";
import { templateYaml, withCluster } from "./workloads.ts";

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
${templateYaml("web")}`;

withCluster("on Deployments", (kubectl) => {
  it("applies one and follows its rollout", async () => {
    await kubectl()("apply", "-f", kubectl().file("web.yaml", WEB));
    const status = await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    expect(status).toContain('deployment "web" successfully rolled out');
    const table = await kubectl()("get", "deploy", "-o", "wide");
    expect(table).toMatch(/NAME\s+READY\s+UP-TO-DATE\s+AVAILABLE\s+AGE\s+CONTAINERS\s+IMAGES\s+SELECTOR/);
    expect(table).toMatch(/web\s+3\/3\s+3\s+3\s+\w+\s+main\s+web:1\s+app=web/);
    await kubectl()("wait", "deploy/web", "--for=condition=Available", "--timeout=100s");
    const again = await kubectl()("apply", "-f", kubectl().file("web.yaml", WEB));
    expect(again).toBe("deployment.apps/web unchanged\n");
  });

  it("rolls a new image out, shows the history and undoes it", async () => {
    const set = await kubectl()("set", "image", "deployment/web", "main=web:2");
    expect(set).toBe("deployment.apps/web image updated\n");
    await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    expect(await kubectl()("rollout", "history", "deployment/web")).toMatch(
      /REVISION\s+CHANGE-CAUSE\n1\s.*\n2\s/,
    );
    const second = await kubectl()("rollout", "history", "deployment/web", "--revision=2");
    expect(second).toMatch(/Image:\s+web:2/);
    expect(await kubectl()("rollout", "undo", "deployment/web")).toBe("deployment.apps/web rolled back\n");
    await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    // Those of the other image may still be about to end.
    const images = ["get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].spec.containers[0].image}"];
    await expect.poll(() => kubectl()(...images)).toBe("web:1 web:1 web:1");
    expect(await kubectl()("rollout", "history", "deployment/web")).toMatch(/CHANGE-CAUSE\n2\s.*\n3\s/);
  });

  it("pauses, resumes and restarts", async () => {
    await kubectl()("rollout", "pause", "deployment/web");
    await kubectl()("set", "image", "deployment/web", "main=web:3");
    expect(await kubectl()("get", "rs", "-l", "app=web", "-o", "name")).toMatch(
      /^(replicaset.apps\/\S+\n){2}$/,
    );
    await kubectl()("rollout", "resume", "deployment/web");
    await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    expect(await kubectl()("get", "rs", "-l", "app=web", "-o", "name")).toMatch(
      /^(replicaset.apps\/\S+\n){3}$/,
    );
    expect(await kubectl()("rollout", "restart", "deployment/web")).toBe("deployment.apps/web restarted\n");
    await kubectl()("rollout", "status", "deployment/web", "--timeout=100s");
    expect(await kubectl()("get", "rs", "-l", "app=web", "-o", "name")).toMatch(
      /^(replicaset.apps\/\S+\n){4}$/,
    );
  });

  it("scales and describes", async () => {
    await kubectl()("scale", "deployment/web", "--replicas=5");
    await kubectl()("wait", "deploy/web", "--for=jsonpath={.status.availableReplicas}=5", "--timeout=100s");
    const story = await kubectl()("describe", "deployment", "web");
    expect(story).toMatch(/Replicas:\s+5 desired \| 5 updated \| 5 total \| 5 available \| 0 unavailable/);
    expect(story).toMatch(/RollingUpdateStrategy:\s+25% max unavailable, 25% max surge/);
    expect(story).toMatch(/Available\s+True\s+MinimumReplicasAvailable/);
    expect(story).toMatch(/Progressing\s+True\s+NewReplicaSetAvailable/);
    expect(story).toMatch(/NewReplicaSet:\s+web-\w+ \(5\/5 replicas created\)/);
    expect(story).toMatch(/Normal\s+ScalingReplicaSet\s.*Scaled up replica set web-\w+ from 0 to 3/);
  });

  it("refuses what Kubernetes refuses", async () => {
    const other = WEB.replace("matchLabels: {app: web}", "matchLabels: {app: other}");
    const refused = await kubectl().run(["apply", "-f", kubectl().file("other.yaml", other)]);
    expect(refused.stderr).toMatch(/The Deployment "web" is invalid/);
    expect(refused.stderr).toContain("`selector` does not match template `labels`");
    expect(refused.stderr).toContain("field is immutable");
  });

  it("deletes it with its pods, waiting for them when it is told to", async () => {
    await kubectl()("delete", "deployment", "web", "--cascade=foreground", "--timeout=100s");
    expect(await kubectl()("get", "rs,pods", "-l", "app=web", "-o", "name")).toBe("");
  });
});
