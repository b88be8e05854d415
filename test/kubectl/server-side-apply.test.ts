import { expect, it } from "vitest";
import type { Kubectl } from "./kubectl.ts";
import { withKubectl } from "./suite.ts";

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: main
        image: nginx:1
        ports: [{containerPort: 80}]
      - name: side
        image: side:1
`;
const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n";

/** Without a --field-manager kubectl is called as its file is, which is `kubectl-1.35` here. */
const asKubectl = (text: string) => text.replaceAll(/kubectl-1\.\d+/g, "kubectl");

/** `manager operation subresource`, in order. */
async function managersOf(kubectl: Kubectl, resource: string): Promise<string[]> {
  const { metadata } = JSON.parse(await kubectl("get", resource, "-o", "json", "--show-managed-fields"));
  const entries = metadata.managedFields as { manager: string; operation: string; subresource?: string }[];
  const texts = entries.map((each) =>
    [each.manager, each.operation, each.subresource ?? []].flat().join(" "),
  );
  return texts.map(asKubectl).sort();
}

withKubectl("applies on the server's side", (stage) => {
  it("creates, changes, and leaves alone what is the same", async () => {
    const { kubectl } = stage();
    const apply = (manifest: string, ...more: string[]) =>
      kubectl("apply", "--server-side", "-f", kubectl.file("web.yaml", manifest), ...more);
    expect(await apply(WEB, "--dry-run=server")).toBe(
      "deployment.apps/web serverside-applied (server dry run)\n",
    );
    expect((await kubectl.run(["get", "deploy", "web"])).code).toBe(1);
    expect(await apply(WEB)).toBe("deployment.apps/web serverside-applied\n");
    const before = await kubectl("get", "deploy", "web", "-o", "jsonpath={.metadata.resourceVersion}");
    expect(await apply(WEB)).toBe("deployment.apps/web serverside-applied\n");
    expect(await kubectl("get", "deploy", "web", "-o", "jsonpath={.metadata.resourceVersion}")).toBe(before);
    await apply(WEB.replace("nginx:1", "nginx:2").replace(/ {6}- name: side\n.*\n/, ""));
    const images = "jsonpath={.spec.template.spec.containers[*].image} {.metadata.generation}";
    expect(await kubectl("get", "deploy", "web", "-o", images)).toBe("nginx:2 2");
    const ports = "jsonpath={.spec.template.spec.containers[0].ports}";
    expect(JSON.parse(await kubectl("get", "deploy", "web", "-o", ports))).toEqual([
      { containerPort: 80, protocol: "TCP" },
    ]);
  });

  it("shows who owns what when it is asked for that", async () => {
    const { kubectl } = stage();
    expect(await kubectl("get", "deploy", "web", "-o", "yaml")).not.toContain("managedFields");
    const shown = await kubectl("get", "deploy", "web", "-o", "yaml", "--show-managed-fields");
    expect(shown).toContain(`              k:{"name":"main"}:
                .: {}
                f:image: {}
                f:name: {}
                f:ports:
                  k:{"containerPort":80,"protocol":"TCP"}:
                    .: {}
                    f:containerPort: {}
    manager: kubectl
    operation: Apply
    time: `);
  });

  it("refuses to take what others own, unless forced, and hands out what is equal", async () => {
    const { kubectl } = stage();
    await kubectl("set", "image", "deploy/web", "main=nginx:3");
    await kubectl("scale", "deploy", "web", "--replicas=5");
    expect(await managersOf(kubectl, "deploy/web")).toEqual([
      "kubectl Apply",
      "kubectl Update scale",
      "kubectl-set Update",
    ]);
    const file = kubectl.file("web.yaml", WEB);
    const refused = await kubectl.run(["apply", "--server-side", "-f", file]);
    expect(refused.code).toBe(1);
    expect(
      asKubectl(refused.stderr),
    ).toContain(`Apply failed with 2 conflicts: conflicts with "kubectl" with subresource \
"scale" using apps/v1:
- .spec.replicas
conflicts with "kubectl-set" using apps/v1:
- .spec.template.spec.containers[name="main"].image`);
    const one = kubectl.file("one.yaml", WEB.replace("replicas: 2", "replicas: 5"));
    expect((await kubectl.run(["apply", "--server-side", "-f", one])).stderr).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: ' +
        '.spec.template.spec.containers[name="main"].image',
    );
    await kubectl("apply", "--server-side", "--force-conflicts", "-f", file);
    expect(await kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.replicas}")).toBe("2");
    expect(await managersOf(kubectl, "deploy/web")).toEqual(["kubectl Apply"]);
  });

  it("keeps what other appliers own when one lets it go", async () => {
    const { kubectl } = stage();
    const apply = (data: string, manager: string) =>
      kubectl(
        "apply",
        "--server-side",
        `--field-manager=${manager}`,
        "-f",
        kubectl.file("c.yaml", CONFIG + data),
      );
    await apply("  a: '1'\n  b: '1'\n", "one");
    await apply("  b: '1'\n  c: '1'\n", "two");
    await apply("  a: '2'\n", "one");
    const data = "jsonpath={.data}";
    expect(JSON.parse(await kubectl("get", "cm", "settings", "-o", data))).toEqual({
      a: "2",
      b: "1",
      c: "1",
    });
    await apply("  c: '1'\n", "two");
    expect(JSON.parse(await kubectl("get", "cm", "settings", "-o", data))).toEqual({ a: "2", c: "1" });
  });

  it("goes over from applying on the client's side", async () => {
    const { kubectl } = stage();
    const file = kubectl.file("moved.yaml", WEB.replaceAll("web", "moved"));
    await kubectl("apply", "-f", file);
    expect(await managersOf(kubectl, "deploy/moved")).toEqual(["kubectl-client-side-apply Update"]);
    const changed = WEB.replaceAll("web", "moved")
      .replace("nginx:1", "nginx:2")
      .replace("replicas: 2", "paused: true");
    await kubectl("apply", "--server-side", "-f", kubectl.file("moved.yaml", changed));
    const spec = "jsonpath={.spec.template.spec.containers[0].image} {.spec.replicas} {.spec.paused}";
    expect(await kubectl("get", "deploy", "moved", "-o", spec)).toBe("nginx:2 1 true");
    expect(await managersOf(kubectl, "deploy/moved")).toContain("kubectl Apply");
    expect(await managersOf(kubectl, "deploy/moved")).not.toContain("kubectl-client-side-apply Update");
    const last = await kubectl("apply", "view-last-applied", "deploy", "moved", "-o", "json");
    expect(JSON.parse(last).spec.paused).toBe(true);
  });

  it("compares on the server's side", async () => {
    const { kubectl } = stage();
    const same = await kubectl.run(["diff", "--server-side", "-f", kubectl.file("w.yaml", WEB)]);
    expect([same.code, same.stdout]).toEqual([0, ""]);
    const other = kubectl.file("w.yaml", WEB.replace("nginx:1", "nginx:9"));
    const differs = await kubectl.run(["diff", "--server-side", "-f", other]);
    expect(differs.code).toBe(1);
    expect(differs.stdout).toMatch(/-\s+- image: nginx:1\n\+\s+- image: nginx:9/);
    expect(differs.stdout).toMatch(/-\s+generation: (\d+)/);
  });

  it("tells of fields that nobody knows, as it is asked to", async () => {
    const { kubectl } = stage();
    const typo = kubectl.file("typo.yaml", WEB.replace("replicas:", "replicaz:"));
    const strict = await kubectl.run(["apply", "--server-side", "-f", typo]);
    expect(strict.stderr).toContain('strict decoding error: unknown field "spec.replicaz"');
    const warned = await kubectl.run([
      "apply",
      "--server-side",
      "--validate=warn",
      "--dry-run=server",
      "-f",
      typo,
    ]);
    expect([warned.code, warned.stderr]).toEqual([0, 'Warning: unknown field "spec.replicaz"\n']);
    const twice = kubectl.file("twice.yaml", WEB.replace("name: side", "name: main"));
    const duplicate = await kubectl.run(["apply", "--server-side", "-f", twice]);
    expect(duplicate.stderr).toContain(
      "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): " +
        '.spec.template.spec.containers: duplicate entries for key [name="main"]',
    );
  });
});
