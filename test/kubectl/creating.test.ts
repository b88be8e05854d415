import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createTlsFiles } from "../../src/server/tls.ts";
import { withKubectl } from "./suite.ts";

/** What is created without a file, what it is called then, and what must stand in it. */
const CREATES: readonly (readonly [command: string, name: string, path: string, value: string])[] = [
  ["namespace other", "namespace/other", "{.status.phase}", "Active"],
  [
    "configmap cm --from-literal=a=b --from-literal=empty=",
    "configmap/cm",
    "{.data}",
    '{"a":"b","empty":""}',
  ],
  ["secret generic sec --from-literal=a=b", "secret/sec", "{.type} {.data.a}", "Opaque Yg=="],
  [
    "secret docker-registry reg --docker-username=u --docker-password=p --docker-server=s",
    "secret/reg",
    "{.type}",
    "kubernetes.io/dockerconfigjson",
  ],
  [
    "deployment web --image=nginx --replicas=2 --port=80",
    "deployment.apps/web",
    "{.spec.replicas} {.spec.template.spec.containers[0].ports[0].protocol}",
    "2 TCP",
  ],
  ["job j --image=busybox -- date", "job.batch/j", "{.spec.template.spec.containers[0].command}", '["date"]'],
  ["cronjob c --image=busybox --schedule=@hourly", "cronjob.batch/c", "{.spec.schedule}", "@hourly"],
  ["job k --from=cronjob/c", "job.batch/k", "{.metadata.ownerReferences[0].kind}", "CronJob"],
  ["serviceaccount sa", "serviceaccount/sa", "{.metadata.name}", "sa"],
  [
    "role r --verb=get,list --resource=pods,deployments.apps",
    "role.rbac.authorization.k8s.io/r",
    "{.rules[*].resources[0]}",
    "pods deployments",
  ],
  [
    "clusterrole cr --verb=get --non-resource-url=/x",
    "clusterrole.rbac.authorization.k8s.io/cr",
    "{.rules[0].verbs}",
    '["get"]',
  ],
  [
    "rolebinding rb --role=r --user=u --group=g",
    "rolebinding.rbac.authorization.k8s.io/rb",
    "{.subjects[*].kind}",
    "User Group",
  ],
  [
    "clusterrolebinding crb --clusterrole=cr --serviceaccount=default:sa",
    "clusterrolebinding.rbac.authorization.k8s.io/crb",
    "{.subjects[0].name}",
    "sa",
  ],
  [
    "poddisruptionbudget pdb --selector=app=web --min-available=50%",
    "poddisruptionbudget.policy/pdb",
    "{.spec.minAvailable}",
    "50%",
  ],
  ["quota q --hard=pods=10,cpu=4", "resourcequota/q", "{.spec.hard.pods}", "10"],
  [
    "priorityclass pc --value=7 --description=high",
    "priorityclass.scheduling.k8s.io/pc",
    "{.value} {.preemptionPolicy}",
    "7 PreemptLowerPriority",
  ],
  [
    "service clusterip s --tcp=80:8080",
    "service/s",
    "{.spec.type} {.spec.ports[0].targetPort}",
    "ClusterIP 8080",
  ],
  ["service nodeport n --tcp=80 --node-port=30080", "service/n", "{.spec.ports[0].nodePort}", "30080"],
  ["service loadbalancer l --tcp=80", "service/l", "{.spec.type}", "LoadBalancer"],
  ["service externalname e --external-name=example.com", "service/e", "{.spec.externalName}", "example.com"],
];

withKubectl("creates without a file", (stage) => {
  it.each(CREATES)("%s", async (command, name, path, value) => {
    const { kubectl } = stage();
    const words = command.split(" ");
    const [dry, wet] = [`${name} created (server dry run)\n`, `${name} created\n`];
    expect(await kubectl("create", ...insertOption(words, "--dry-run=server"))).toBe(dry);
    expect(await kubectl("create", ...words)).toBe(wet);
    expect(await kubectl("get", name, "-o", `jsonpath=${path}`)).toBe(value);
  });

  it("once, in its own name", async () => {
    const { kubectl } = stage();
    const again = await kubectl.run(["create", "configmap", "cm"]);
    expect(again).toMatchObject({
      code: 1,
      stderr: 'error: failed to create configmap: configmaps "cm" already exists\n',
    });
    const shown = await kubectl("get", "configmap", "cm", "-o", "yaml", "--show-managed-fields");
    expect(shown).toMatch(/manager: kubectl-create\n {4}operation: Update/);
  });

  it("what makes sense, and says why not otherwise", async () => {
    const { kubectl } = stage();
    const refused = async (command: string) => (await kubectl.run(["create", ...command.split(" ")])).stderr;
    expect(await refused("priorityclass huge --value=2000000000")).toContain(
      "maximum allowed value of a user defined priority is 1000000000",
    );
    expect(await refused("quota bad --hard=pods=1 --scopes=Sunny")).toContain("unsupported scope");
    expect(await refused("cronjob bad --image=x --schedule=hourly")).toContain(
      "expected exactly 5 fields, found 1",
    );
    expect(await refused("token sa --duration=1s")).toContain(
      "may not specify a duration less than 10 minutes",
    );
    expect(await refused("token sa --bound-object-kind=Pod --bound-object-name=gone")).toContain(
      'pods "gone" not found',
    );
    expect(await refused("service nodeport far --tcp=80 --node-port=80")).toContain(
      "provided port is not in the valid range",
    );
    expect(await refused("namespace Bad_Name")).toContain("a lowercase RFC 1123 label must consist of");
    expect(await refused("job k2 --from=cronjob/gone")).toContain('cronjobs.batch "gone" not found');
  });

  it("tls secrets", async () => {
    const { kubectl, server } = stage();
    const certificate = kubectl.file("tls.crt", server.certificateAuthority);
    const refused = await kubectl.run([
      "create",
      "secret",
      "tls",
      "t",
      "--cert",
      certificate,
      "--key",
      certificate,
    ]);
    expect(refused.code).toBe(1);
    const { cert, key } = await createTlsFiles(Date.now());
    const pair = ["--cert", kubectl.file("pair.crt", cert), "--key", kubectl.file("pair.key", key)];
    expect(await kubectl("create", "secret", "tls", "pair", ...pair)).toBe("secret/pair created\n");
    expect(await kubectl("get", "secret", "pair")).toMatch(/pair +kubernetes.io\/tls +2 /);
    const draft = { "tls.crt": server.certificateAuthority, "tls.key": "key" };
    const manifest = { apiVersion: "v1", kind: "Secret", metadata: { name: "t" }, type: "kubernetes.io/tls" };
    const file = kubectl.file("t.json", JSON.stringify({ ...manifest, stringData: draft }));
    expect(await kubectl("create", "-f", file)).toBe("secret/t created\n");
    const { "tls.key": _key, ...half } = draft;
    const bad = kubectl.file(
      "h.json",
      JSON.stringify({ ...manifest, metadata: { name: "h" }, stringData: half }),
    );
    const missing = await kubectl.run(["create", "-f", bad]);
    expect(missing.stderr).toContain('The Secret "h" is invalid: data[tls.key]: Required value');
  });
});

withKubectl("changes what it applied", (stage) => {
  it("sets images, environment, resources and service accounts", async () => {
    const { kubectl } = stage();
    await kubectl("create", "deployment", "web", "--image=nginx:1");
    const said = (what: string) => `deployment.apps/web ${what} updated\n`;
    expect(await kubectl("set", "image", "deploy/web", "nginx=nginx:2")).toBe(said("image"));
    expect(await kubectl("set", "image", "deploy/web", "nginx=nginx:2")).toBe("");
    expect(await kubectl("set", "env", "deploy/web", "A=1", "B=2")).toBe(said("env"));
    expect(await kubectl("set", "env", "deploy/web", "A-")).toBe(said("env"));
    await kubectl("set", "resources", "deploy/web", "--limits=cpu=1", "--requests=cpu=500m");
    expect(await kubectl("set", "serviceaccount", "deploy/web", "robot")).toBe(said("serviceaccount"));
    const spec = JSON.parse(await kubectl("get", "deploy", "web", "-o", "jsonpath={.spec.template.spec}"));
    expect(spec.serviceAccountName).toBe("robot");
    expect(spec.containers[0]).toMatchObject({
      image: "nginx:2",
      env: [{ name: "B", value: "2" }],
      resources: { limits: { cpu: "1" }, requests: { cpu: "500m" } },
    });
    expect(
      await kubectl("set", "selector", "deploy/web", "a=b", "--dry-run=client").catch(String),
    ).toBeDefined();
  });

  it("shows, sets and edits what was applied last", async () => {
    const { kubectl } = stage();
    const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: last}\ndata: {a: '1'}\n";
    const file = kubectl.file("last.yaml", manifest);
    await kubectl("create", "-f", file);
    const set = await kubectl("apply", "set-last-applied", "-f", file, "--create-annotation");
    expect(set).toBe("configmap/last configured\n");
    expect(await kubectl("apply", "view-last-applied", "cm", "last")).toContain('a: "1"');
    const editor = kubectl.file("editor.sh", 'sed -i \'s/a: "1"/a: "2"/\' "$1"');
    const env = { KUBE_EDITOR: `sh ${editor}` };
    const edited = await kubectl.run(["apply", "edit-last-applied", "cm", "last"], { env });
    expect([edited.code, edited.stdout]).toEqual([0, "configmap/last edited\n"]);
    expect(await kubectl("apply", "view-last-applied", "cm", "last")).toContain('a: "2"');
    expect(await kubectl("get", "cm", "last", "-o", "jsonpath={.data.a}")).toBe("1");
  });

  it("prunes what is not applied any more", async () => {
    const { kubectl } = stage();
    const config = (name: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {set: p}}\ndata: {}\n`;
    const prune = (manifest: string) =>
      kubectl(
        "apply",
        "--prune",
        "-l",
        "set=p",
        "--prune-allowlist=core/v1/ConfigMap",
        "-f",
        kubectl.file("p.yaml", manifest),
      );
    expect(await prune(`${config("keep")}---\n${config("drop")}`)).toBe(
      "configmap/keep created\nconfigmap/drop created\n",
    );
    expect(await prune(config("keep"))).toBe("configmap/keep unchanged\nconfigmap/drop pruned\n");
  });

  it("applies and deletes lists and whole folders", async () => {
    const { kubectl } = stage();
    const folder = join(kubectl.file("marker", ""), "..", "manifests");
    mkdirSync(folder);
    for (const name of ["one", "two"]) {
      writeFileSync(
        join(folder, `${name}.yaml`),
        `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n`,
      );
    }
    expect(await kubectl("apply", "-f", folder)).toBe(
      "serviceaccount/one created\nserviceaccount/two created\n",
    );
    writeFileSync(join(folder, "kustomization.yaml"), "resources: [one.yaml, two.yaml]\nnamePrefix: k-\n");
    expect(await kubectl("apply", "--server-side", "-k", folder)).toBe(
      "serviceaccount/k-one serverside-applied\nserviceaccount/k-two serverside-applied\n",
    );
    expect(await kubectl("delete", "-k", folder)).toMatch(/"k-one" deleted.*\n.*"k-two" deleted/);
  });

  it("says in a client-side diff what would change, the generation with it", async () => {
    const { kubectl } = stage();
    const manifest = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: compared}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: c, image: "${image}"}]}
`;
    const file = (image: string) => kubectl.file("compared.yaml", manifest(image));
    await kubectl("apply", "-f", file("x:1"));
    const { code, stdout } = await kubectl.run(["diff", "-f", file("x:2")]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/-\s+generation: 1\n\+\s+generation: 2/);
    expect(stdout).toMatch(/-\s+- image: x:1\n\+\s+- image: x:2/);
    expect((await kubectl.run(["diff", "-f", file("x:1")])).code).toBe(0);
    const other = manifest("x:1").replaceAll("{a: b}", "{c: d}");
    const refused = await kubectl.run(["apply", "-f", kubectl.file("compared.yaml", other)]);
    expect(refused.stderr).toMatch(
      /The Deployment "compared" is invalid: spec.selector: Invalid value: .*: field is immutable/,
    );
  });
});

function insertOption(words: readonly string[], option: string): readonly string[] {
  const end = words.indexOf("--");
  return end < 0 ? [...words, option] : words.toSpliced(end, 0, option);
}
