import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

const LIMITS = `apiVersion: v1
kind: LimitRange
metadata: {name: sizes}
spec:
  limits:
  - type: Container
    default: {cpu: 200m}
    defaultRequest: {cpu: 100m}
    max: {cpu: "1"}
`;
const asking = (cpu: string) =>
  `--overrides={"spec":{"containers":[{"name":"c","image":"a","resources":{"limits":{"cpu":"${cpu}"}}}]}}`;

withCluster("on quotas and limits", (kubectl) => {
  it("gives containers their defaults and refuses what is too large", async () => {
    await kubectl()("apply", "-f", kubectl().file("limits.yaml", LIMITS));
    await kubectl()("run", "small", "--image=a");
    const path =
      "jsonpath={.spec.containers[0].resources.requests.cpu}/{.spec.containers[0].resources.limits.cpu}";
    expect(await kubectl()("get", "pod", "small", "-o", path)).toBe("100m/200m");
    const refused = await kubectl().run(["run", "large", "--image=a", asking("2")]);
    expect(refused.stderr).toBe(
      'Error from server (Forbidden): pods "large" is forbidden: ' +
        "maximum cpu usage per Container is 1, but limit is 2\n",
    );
    expect(await kubectl()("describe", "limits", "sizes")).toMatch(/Container\s+cpu\s+-\s+1\s+100m\s+200m/);
  });

  it("counts what there is and refuses what is too much", async () => {
    await kubectl()("create", "quota", "team", "--hard=requests.cpu=300m,pods=2,count/configmaps=9");
    await kubectl()("wait", "quota/team", "--for=jsonpath={.status.used.pods}=1", "--timeout=100s");
    expect(await kubectl()("get", "quota")).toMatch(
      /NAME\s+AGE\s+REQUEST\s+LIMIT\s*\nteam\s+\w+\s+count\/configmaps: 1\/9, pods: 1\/2, requests.cpu: 100m\/300m/,
    );
    const refused = await kubectl().run(["run", "much", "--image=a", asking("500m")]);
    expect(refused.stderr).toBe(
      'Error from server (Forbidden): pods "much" is forbidden: exceeded quota: team, ' +
        "requested: requests.cpu=500m, used: requests.cpu=100m, limited: requests.cpu=300m\n",
    );
    await kubectl()("run", "second", "--image=a");
    const third = await kubectl().run(["run", "third", "--image=a"]);
    expect(third.stderr).toContain("exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2");
    await kubectl()("delete", "pod", "second", "--grace-period=1");
    await kubectl()("wait", "quota/team", "--for=jsonpath={.status.used.pods}=1", "--timeout=100s");
  });
});
