import { expect, it } from "vitest";
import { addNode } from "./server.ts";
import { podYaml, withKubectl } from "./suite.ts";

withKubectl("reads", (stage) => {
  it("prints server-side tables, wide ones and labels", async () => {
    const { kubectl, server } = stage();
    await addNode(server.objects, "node-1");
    for (const name of ["cherry", "apple", "banana"]) {
      await kubectl("create", "-f", kubectl.file(`${name}.yaml`, podYaml(name)));
    }
    const table = await kubectl("get", "pods");
    expect(table).toMatch(/^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\napple\s+0\/1\s+Pending\s+0\s+\w+\n/);
    expect(await kubectl("get", "pods", "-o", "wide")).toMatch(
      /AGE\s+IP\s+NODE\s+NOMINATED NODE\s+READINESS GATES/,
    );
    expect(await kubectl("get", "nodes")).toMatch(
      /NAME\s+STATUS\s+ROLES\s+AGE\s+VERSION\nnode-1\s+Ready\s+<none>/,
    );
    expect(await kubectl("get", "pods", "--show-labels")).toContain("app=apple,tier=front");
    expect(await kubectl("get", "pods", "-L", "app")).toMatch(/APP\napple .* apple\n/);
  });

  it("prints objects as yaml, json, name, jsonpath and custom columns", async () => {
    const { kubectl } = stage();
    expect(await kubectl("get", "pod", "apple", "-o", "yaml")).toMatch(/^apiVersion: v1\nkind: Pod\n/);
    const list = JSON.parse(await kubectl("get", "pods", "-o", "json")) as { items: { kind: string }[] };
    expect(list.items.map((item) => item.kind)).toEqual(["Pod", "Pod", "Pod"]);
    expect(await kubectl("get", "pods", "-o", "name")).toBe("pod/apple\npod/banana\npod/cherry\n");
    const names = "{.items[*].metadata.name}";
    expect(await kubectl("get", "po", "-o", `jsonpath=${names}`)).toBe("apple banana cherry");
    const columns = "custom-columns=N:.metadata.name,P:.status.phase";
    expect(await kubectl("get", "pods", "apple", "-o", columns)).toBe("N       P\napple   Pending\n");
  });

  it("selects by label and field, and sorts", async () => {
    const { kubectl } = stage();
    expect(await kubectl("get", "pods", "-l", "app in (apple,cherry),tier=front", "-o", "name")).toBe(
      "pod/apple\npod/cherry\n",
    );
    expect(await kubectl("get", "pods", "--field-selector", "metadata.name!=apple", "-o", "name")).toBe(
      "pod/banana\npod/cherry\n",
    );
    const sorted = await kubectl("get", "pods", "--sort-by=.metadata.creationTimestamp", "--no-headers");
    expect(sorted.trim().split("\n")).toHaveLength(3);
    expect(await kubectl("get", "pods", "--sort-by=.metadata.name", "--no-headers")).toMatch(/^apple/);
    const { code, stderr } = await stage().kubectl.run([
      "get",
      "pods",
      "--field-selector",
      "spec.nonsense=1",
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("field label not supported: spec.nonsense");
  });

  it("reads long lists page by page", async () => {
    const { kubectl } = stage();
    const paged = await kubectl("get", "pods", "--chunk-size=2", "-o", "name");
    expect(paged).toContain("pod/apple\npod/banana\npod/cherry\n");
    const { stderr } = await kubectl.run(["get", "pods", "--chunk-size=2", "-v=8"]);
    expect(stderr.match(/limit=2/g)?.length).toBeGreaterThanOrEqual(2);
    expect(stderr).toContain("continue=");
  });

  it("reads several kinds, all namespaces and categories", async () => {
    const { kubectl } = stage();
    expect(await kubectl("get", "pods,nodes", "-o", "name")).toContain("node/node-1");
    expect(await kubectl("get", "pods", "-A")).toMatch(/^NAMESPACE\s+NAME[^\n]*\ndefault\s+apple/);
    expect(await kubectl("get", "all", "-o", "name")).toContain("pod/apple");
    expect((await kubectl.run(["get", "pods", "-n", "empty"])).stderr).toContain(
      "No resources found in empty namespace.",
    );
  });

  it("says NotFound in Kubernetes' words", async () => {
    const { code, stderr } = await stage().kubectl.run(["get", "pod", "nobody"]);
    expect(code).toBe(1);
    expect(stderr).toBe('Error from server (NotFound): pods "nobody" not found\n');
  });

  it("describes nodes and pods", async () => {
    const { kubectl } = stage();
    const node = await kubectl("describe", "node", "node-1");
    expect(node).toMatch(/Name:\s+node-1/);
    expect(node).toMatch(/Non-terminated Pods:\s+\(0 in total\)/);
    const pod = await kubectl("describe", "pod", "apple");
    expect(pod).toMatch(/Image:\s+registry\.k8s\.io\/pause:3\.10/);
  });

  it("watches: a change shows as a new row", async () => {
    const { kubectl } = stage();
    const watching = kubectl.start("get", "pods", "-w");
    await watching.until(/cherry/);
    await kubectl("create", "-f", kubectl.file("date.yaml", podYaml("date")));
    await watching.until(/date\s+0\/1\s+Pending/);
    watching.stop();
    const one = kubectl.start("get", "pod", "apple", "-w", "-o", "name");
    await one.until(/pod\/apple/);
    await kubectl("annotate", "pod", "apple", "seen=yes");
    await one.until(/pod\/apple\n+pod\/apple/);
    one.stop();
  });

  it("reads the log of a pod that is on no node: it is empty", async () => {
    expect(await stage().kubectl("logs", "apple")).toBe("");
  });
});
