import { expect, it } from "vitest";
import { templateYaml, withCluster } from "./workloads.ts";

const WEB = `apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
${templateYaml("web")}`;

withCluster("on ReplicaSets", (kubectl) => {
  it("applies one and prints its columns", async () => {
    await kubectl()("apply", "-f", kubectl().file("web.yaml", WEB));
    await kubectl()("wait", "rs/web", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=100s");
    const table = await kubectl()("get", "rs", "-o", "wide");
    expect(table).toMatch(/NAME\s+DESIRED\s+CURRENT\s+READY\s+AGE\s+CONTAINERS\s+IMAGES\s+SELECTOR/);
    expect(table).toMatch(/web\s+2\s+2\s+2\s+\w+\s+main\s+web:1\s+app=web/);
    expect(await kubectl()("get", "all")).toMatch(/replicaset.apps\/web\s+2/);
  });

  it("scales through the scale subresource", async () => {
    expect(await kubectl()("scale", "rs", "web", "--replicas=4")).toBe("replicaset.apps/web scaled\n");
    await kubectl()("wait", "rs/web", "--for=jsonpath={.status.readyReplicas}=4", "--timeout=100s");
    const current = ["scale", "rs/web", "--current-replicas=4", "--replicas=1"];
    expect(await kubectl()(...current)).toBe("replicaset.apps/web scaled\n");
    const wrong = await kubectl().run(current);
    expect(wrong.stderr).toMatch(/Expected replicas to be 4, was 1/);
    const negative = [
      "patch",
      "rs",
      "web",
      "--subresource=scale",
      "--type=merge",
      "-p",
      '{"spec":{"replicas":-1}}',
    ];
    expect((await kubectl().run(negative)).stderr).toContain("must be greater than or equal to 0");
    const raw = await kubectl()("get", "--raw", "/apis/apps/v1/namespaces/default/replicasets/web/scale");
    expect(JSON.parse(raw)).toMatchObject({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      spec: { replicas: 1 },
      status: { selector: "app=web" },
    });
  });

  it("describes it with the pods it counts and what it did", async () => {
    await kubectl()("wait", "rs/web", "--for=jsonpath={.status.replicas}=1", "--timeout=100s");
    const story = await kubectl()("describe", "rs", "web");
    expect(story).toMatch(/Replicas:\s+1 current \/ 1 desired/);
    expect(story).toMatch(/Normal\s+SuccessfulCreate\s.*replicaset-controller\s+Created pod: web-/);
    expect(story).toMatch(/Normal\s+SuccessfulDelete\s.*Deleted pod: web-/);
  });

  it("deletes it with or without its pods", async () => {
    await kubectl()("delete", "rs", "web", "--cascade=orphan");
    // Those that it no longer counts may still be about to end.
    const left = () => kubectl()("get", "pods", "-l", "app=web", "-o", "name");
    await expect.poll(left).toMatch(/^pod\/web-\w{5}\n$/);
    await kubectl()("apply", "-f", kubectl().file("web.yaml", WEB));
    await kubectl()("wait", "rs/web", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=100s");
    await kubectl()("delete", "rs", "web", "--cascade=foreground", "--timeout=100s");
    expect(await kubectl()("get", "pods", "-l", "app=web", "-o", "name")).toBe("");
  });
});
