import { expect, it } from "vitest";
import { templateYaml, withCluster } from "./workloads.ts";

const DB = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 2
  serviceName: db
  selector: {matchLabels: {app: db}}
${templateYaml("db", "db:1")}`;

withCluster("on StatefulSets", (kubectl) => {
  const follow = () => kubectl()("rollout", "status", "statefulset/db", "--timeout=100s");

  it("applies one, follows its rollout and prints its columns", async () => {
    await kubectl()("apply", "-f", kubectl().file("db.yaml", DB));
    expect(await follow()).toMatch(/rolling update complete|roll out complete/);
    const table = await kubectl()("get", "sts", "-o", "wide");
    expect(table).toMatch(/NAME\s+READY\s+AGE\s+CONTAINERS\s+IMAGES/);
    expect(table).toMatch(/db\s+2\/2\s+\w+\s+main\s+db:1/);
    expect(await kubectl()("get", "pods", "-l", "app=db", "-o", "name")).toBe("pod/db-0\npod/db-1\n");
  });

  it("rolls a new image out, shows the history and undoes it", async () => {
    await kubectl()("set", "image", "statefulset/db", "main=db:2");
    await follow();
    expect(await kubectl()("rollout", "history", "statefulset/db")).toMatch(/REVISION.*\n1\s.*\n2\s/);
    expect(await kubectl()("rollout", "undo", "statefulset/db")).toBe("statefulset.apps/db rolled back\n");
    await follow();
    const images = ["get", "pods", "-l", "app=db", "-o", "jsonpath={.items[*].spec.containers[0].image}"];
    expect(await kubectl()(...images)).toBe("db:1 db:1");
    const revisions = await kubectl()("get", "controllerrevisions");
    expect(revisions).toMatch(/NAME\s+CONTROLLER\s+REVISION\s+AGE\ndb-\w+\s+statefulset.apps\/db\s+\d\s/);
  });

  it("restarts, scales and describes", async () => {
    expect(await kubectl()("rollout", "restart", "statefulset/db")).toBe("statefulset.apps/db restarted\n");
    await follow();
    await kubectl()("scale", "sts", "db", "--replicas=3");
    await follow();
    const story = await kubectl()("describe", "sts", "db");
    expect(story).toMatch(/Pods Status:\s+3 Running \/ 0 Waiting \/ 0 Succeeded \/ 0 Failed/);
    expect(story).toMatch(
      /SuccessfulCreate\s.*statefulset-controller\s+create Pod db-2 in StatefulSet db successful/,
    );
  });

  it("refuses to change what is fixed, and deletes it with its pods", async () => {
    const fixed = ["patch", "sts", "db", "-p", '{"spec":{"serviceName":"other"}}'];
    expect((await kubectl().run(fixed)).stderr).toContain(
      "updates to statefulset spec for fields other than",
    );
    await kubectl()("delete", "sts", "db", "--cascade=foreground", "--timeout=100s");
    expect(await kubectl()("get", "pods,controllerrevisions", "-l", "app=db", "-o", "name")).toBe("");
  });
});
