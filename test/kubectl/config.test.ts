import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

withCluster("on ConfigMaps, Secrets and ServiceAccounts", (kubectl) => {
  const found = (...names: string[]) =>
    expect.poll(async () => (await kubectl().run(["get", "-n", "team", ...names])).code).toBe(0);

  it("creates a ConfigMap and prints its columns", async () => {
    const created = await kubectl()(
      "create",
      "configmap",
      "settings",
      "--from-literal=a=1",
      "--from-literal=b=2",
    );
    expect(created).toBe("configmap/settings created\n");
    expect(await kubectl()("get", "cm", "settings")).toMatch(/NAME\s+DATA\s+AGE\nsettings\s+2\s+\w+/);
    expect(await kubectl()("describe", "cm", "settings")).toMatch(/a:\n----\n1/);
  });

  it("creates Secrets of every typed form", async () => {
    await kubectl()("create", "secret", "generic", "word", "--from-literal=key=value");
    const data = await kubectl()("get", "secret", "word", "-o", "jsonpath={.data.key} {.type}");
    expect(data).toBe("dmFsdWU= Opaque");
    const registry = ["--docker-server=r", "--docker-username=u", "--docker-password=p"];
    await kubectl()("create", "secret", "docker-registry", "pull", ...registry);
    expect(await kubectl()("get", "secret", "--field-selector=type=kubernetes.io/dockerconfigjson")).toMatch(
      /NAME\s+TYPE\s+DATA\s+AGE\npull\s+kubernetes.io\/dockerconfigjson\s+1\s+\w+\n$/,
    );
  });

  it("takes stringData and refuses what cannot be changed", async () => {
    const text =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: fixed}\nimmutable: true\nstringData: {a: b}\n";
    await kubectl()("apply", "-f", kubectl().file("secret.yaml", text));
    expect(await kubectl()("get", "secret", "fixed", "-o", "jsonpath={.data.a}{.stringData}")).toBe("Yg==");
    const refused = await kubectl().run(["patch", "secret", "fixed", "-p", '{"stringData":{"a":"c"}}']);
    expect(refused.stderr).toBe(
      'The Secret "fixed" is invalid: data: Forbidden: field is immutable when `immutable` is set\n',
    );
  });

  it("finds a ServiceAccount and the root certificate in every namespace", async () => {
    await kubectl()("create", "namespace", "team");
    await found("sa/default");
    await found("cm/kube-root-ca.crt");
    expect(await kubectl()("get", "sa", "-n", "team")).toMatch(/NAME\s+SECRETS\s+AGE\ndefault\s+0\s+\w+/);
    const certificate = ["get", "cm", "kube-root-ca.crt", "-o", "jsonpath={.data.ca\\.crt}"];
    expect(await kubectl()(...certificate)).toContain("BEGIN CERTIFICATE");
    await kubectl()("delete", "sa", "default", "-n", "team", "--wait=false");
    await found("sa/default");
    await kubectl()("create", "sa", "robot", "-n", "team");
    expect(await kubectl()("describe", "sa", "robot", "-n", "team")).toMatch(/Name:\s+robot/);
    await kubectl()("delete", "namespace", "team", "--timeout=100s");
  });
});
