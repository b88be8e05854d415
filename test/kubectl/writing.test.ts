import { expect, it } from "vitest";
import { podYaml, withKubectl } from "./suite.ts";

withKubectl("writes", (stage) => {
  it("creates from files, from stdin and in a dry run", async () => {
    const { kubectl } = stage();
    expect(await kubectl("create", "-f", kubectl.file("web.yaml", podYaml("web")))).toBe("pod/web created\n");
    const again = await kubectl.run(["create", "-f", "-"], { input: podYaml("web") });
    expect(again.stderr).toContain(
      'Error from server (AlreadyExists): error when creating "STDIN": pods "web" already exists',
    );
    const dry = await kubectl.run(["create", "--dry-run=server", "-f", "-"], { input: podYaml("dry") });
    expect(dry.stdout).toBe("pod/dry created (server dry run)\n");
    expect((await kubectl.run(["get", "pod", "dry"])).code).toBe(1);
  });

  it("refuses unknown and duplicate fields, and bad values", async () => {
    const { kubectl } = stage();
    const typo = podYaml("typo").replace("image:", "imagee:");
    const unknown = await kubectl.run(["create", "-f", "-"], { input: typo });
    expect(unknown.stderr).toContain('strict decoding error: unknown field "spec.containers[0].imagee"');
    const invalid = await kubectl.run(["create", "-f", "-"], { input: podYaml("Bad_Name") });
    expect(invalid.stderr).toContain(
      'The Pod "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name"',
    );
    const warned = await kubectl.run(["create", "--validate=warn", "-f", "-"], {
      input: `${podYaml("warned")}  colour: red\n`,
    });
    expect(warned.stderr).toContain('Warning: unknown field "spec.colour"');
    expect(warned.code).toBe(0);
  });

  it("applies: creates, changes, and leaves alone what is the same", async () => {
    const { kubectl } = stage();
    const file = kubectl.file("applied.yaml", podYaml("applied"));
    expect(await kubectl("apply", "-f", file)).toBe("pod/applied created\n");
    expect(await kubectl("apply", "-f", file)).toBe("pod/applied unchanged\n");
    const changed = kubectl.file("applied.yaml", podYaml("applied").replace("tier: front", "tier: back"));
    expect(await kubectl("apply", "-f", changed)).toBe("pod/applied configured\n");
    expect(await kubectl("get", "pod", "applied", "-o", "jsonpath={.metadata.labels.tier}")).toBe("back");
    const diff = await kubectl.run(["diff", "-f", kubectl.file("applied.yaml", podYaml("applied"))]);
    expect(diff.code, diff.stderr).toBe(1);
    expect(diff.stdout).toContain("+    tier: front");
  });

  it("applies a list of several objects", async () => {
    const { kubectl } = stage();
    const list = { apiVersion: "v1", kind: "List", items: [namespace("one"), namespace("two")] };
    const file = kubectl.file("list.json", JSON.stringify(list));
    expect(await kubectl("apply", "-f", file)).toBe("namespace/one created\nnamespace/two created\n");
  });

  it("creates namespaces without a file, which kubectl sends as protobuf", async () => {
    const { kubectl } = stage();
    expect(await kubectl("create", "namespace", "from-protobuf")).toBe("namespace/from-protobuf created\n");
    expect(await kubectl("get", "namespace", "from-protobuf")).toMatch(/from-protobuf\s+Active/);
    const dry = await kubectl("create", "namespace", "dry", "--dry-run=server");
    expect(dry).toBe("namespace/dry created (server dry run)\n");
  });

  it("labels and annotates", async () => {
    const { kubectl } = stage();
    expect(await kubectl("label", "pod", "web", "colour=red")).toBe("pod/web labeled\n");
    expect((await kubectl.run(["label", "pod", "web", "colour=blue"])).code).toBe(1);
    expect(await kubectl("label", "pod", "web", "colour=blue", "--overwrite")).toBe("pod/web labeled\n");
    expect(await kubectl("label", "pod", "web", "colour-")).toBe("pod/web unlabeled\n");
    expect(await kubectl("annotate", "pods", "--all", "note=all of them")).toMatch(
      /pod\/applied annotated?\n/,
    );
    expect(await kubectl("get", "pod", "web", "-o", "jsonpath={.metadata.annotations.note}")).toBe(
      "all of them",
    );
  });

  it("patches in three ways", async () => {
    const { kubectl } = stage();
    const strategic = '{"spec":{"containers":[{"name":"main","image":"a:2"}]}}';
    expect(await kubectl("patch", "pod", "web", "-p", strategic)).toBe("pod/web patched\n");
    expect(await kubectl("patch", "pod", "web", "-p", strategic)).toBe("pod/web patched (no change)\n");
    const merge = '{"metadata":{"labels":{"tier":null,"merged":"yes"}}}';
    await kubectl("patch", "pod", "web", "--type=merge", "-p", merge);
    const json =
      '[{"op":"test","path":"/metadata/labels/merged","value":"yes"},{"op":"remove","path":"/metadata/labels/merged"}]';
    await kubectl("patch", "pod", "web", "--type=json", "-p", json);
    const labels = await kubectl("get", "pod", "web", "-o", "jsonpath={.metadata.labels}");
    expect(JSON.parse(labels)).toEqual({ app: "web" });
    const failed = await kubectl.run(["patch", "pod", "web", "--type=json", "-p", json]);
    expect(failed.stderr).toContain("The request is invalid");
    const status = '{"status":{"phase":"Running"}}';
    await kubectl("patch", "pod", "web", "--subresource=status", "--type=merge", "-p", status);
    expect(
      await kubectl("get", "pod", "web", "-o", "jsonpath={.status.phase} {.spec.containers[0].image}"),
    ).toBe("Running a:2");
  });

  it("edits with an editor of the user's", async () => {
    const { kubectl } = stage();
    const editor = kubectl.file("editor.sh", "sed -i 's/app: web/app: edited/' \"$1\"");
    const env = { KUBE_EDITOR: `sh ${editor}` };
    const { stdout, stderr } = await kubectl.run(["edit", "pod", "web"], { env });
    expect(stderr + stdout).toContain("pod/web edited");
    expect(await kubectl("get", "pod", "web", "-o", "jsonpath={.metadata.labels.app}")).toBe("edited");
  });

  it("replaces, but not with something stale", async () => {
    const { kubectl } = stage();
    const old = await kubectl("get", "pod", "web", "-o", "yaml");
    await kubectl("label", "pod", "web", "newer=yes");
    const stale = await kubectl.run(["replace", "-f", "-"], { input: old });
    expect(stale.stderr).toContain(
      "the object has been modified; please apply your changes to the latest version",
    );
    const current = await kubectl("get", "pod", "web", "-o", "json");
    const replaced = await kubectl.run(["replace", "-f", "-"], {
      input: current.replace('"newer": "yes"', '"newer": "no"'),
    });
    expect(replaced.stdout).toBe("pod/web replaced\n");
    const forced = await kubectl.run(["replace", "--force", "-f", "-"], { input: podYaml("web") });
    expect(forced.stdout).toContain("pod/web replaced");
  });

  it("deletes by name, by file, by label and all", async () => {
    const { kubectl } = stage();
    expect(await kubectl("delete", "pod", "web")).toMatch(/^pod "web" deleted/);
    const missing = await kubectl.run(["delete", "pod", "web"]);
    expect(missing.stderr).toBe('Error from server (NotFound): pods "web" not found\n');
    expect(await kubectl("delete", "pod", "web", "--ignore-not-found")).toBe("");
    await kubectl("delete", "pods", "-l", "app=warned");
    await kubectl("delete", "pods", "--all");
    expect((await kubectl.run(["get", "pods"])).stderr).toContain("No resources found in default namespace.");
  });
});

function namespace(name: string): object {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}
