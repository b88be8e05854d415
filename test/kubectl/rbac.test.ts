import { expect, it } from "vitest";
import { withKubectl } from "./suite.ts";

withKubectl("on RBAC", (stage) => {
  it("creates roles and bindings of every typed form", async () => {
    const { kubectl } = stage();
    await kubectl("create", "role", "reader", "--verb=get,list", "--resource=pods");
    await kubectl("create", "clusterrole", "all:reader", "--verb=get", "--resource=nodes");
    await kubectl(
      "create",
      "rolebinding",
      "read",
      "--role=reader",
      "--user=ann",
      "--serviceaccount=default:robot",
    );
    await kubectl("create", "clusterrolebinding", "read-all", "--clusterrole=all:reader", "--group=staff");
    expect(await kubectl("get", "rolebinding", "-o", "wide")).toMatch(
      /NAME\s+ROLE\s+AGE\s+USERS\s+GROUPS\s+SERVICEACCOUNTS\nread\s+Role\/reader\s+\w+\s+ann\s+default\/robot/,
    );
    expect(await kubectl("get", "clusterrolebinding", "-o", "wide")).toMatch(
      /ClusterRole\/all:reader\s+\w+\s+staff/,
    );
    expect(await kubectl("get", "role")).toMatch(/NAME\s+CREATED AT\nreader\s+\d{4}-/);
    expect(await kubectl("describe", "clusterrole", "all:reader")).toMatch(/nodes\s+\[\]\s+\[\]\s+\[get\]/);
  });

  it("keeps the role of a binding, and wants rules that mean something", async () => {
    const { kubectl } = stage();
    const patch = '{"roleRef":{"name":"other"}}';
    expect((await kubectl.run(["patch", "rolebinding", "read", "-p", patch])).stderr).toContain(
      "cannot change roleRef",
    );
    const rules = ["patch", "role", "reader", "-p", '{"rules":[{"verbs":["get"],"resources":["pods"]}]}'];
    expect((await kubectl.run(rules)).stderr).toContain(
      "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
    );
  });
});
