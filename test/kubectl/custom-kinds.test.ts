import { expect, it } from "vitest";
import { withCluster } from "./workloads.ts";

/** A kind with rules in CEL. */
const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: fleets.sea.example.com}
spec:
  group: sea.example.com
  scope: Namespaced
  names: {plural: fleets, singular: fleet, kind: Fleet, shortNames: [fl]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            x-kubernetes-validations:
            - rule: self.least <= self.most
              messageExpression: '"least %d is above most %d".format([self.least, self.most])'
            properties:
              least: {type: integer, default: 0}
              most: {type: integer, default: 10}
              replicas: {type: integer, default: 1}
              port:
                type: string
                x-kubernetes-validations: [{rule: self == oldSelf, message: port cannot be changed}]
          status:
            type: object
            properties: {replicas: {type: integer}, selector: {type: string}}
`;

const fleet = (name: string, spec: string, owner = "") => `apiVersion: sea.example.com/v1
kind: Fleet
metadata: {name: ${name}${owner}}
spec: ${spec}
`;

withCluster("on kinds of one's own", (kubectl) => {
  const file = (name: string, text: string) => kubectl().file(name, text);
  const refused = async (...args: string[]) => (await kubectl().run(args)).stderr;

  it("asks the rules of a kind when objects are created and changed", async () => {
    const both = file("both.yaml", `${DEFINITION}---\n${fleet("early", "{port: north}")}`);
    expect((await kubectl().run(["apply", "--server-side", "-f", both])).stdout).toContain(
      "serverside-applied",
    );
    await kubectl()("apply", "-f", file("early.yaml", fleet("early", "{port: north}")));
    expect(await refused("create", "-f", file("bad.yaml", fleet("bad", "{least: 5, most: 3}")))).toContain(
      'The Fleet "bad" is invalid: spec: Invalid value: "object": least 5 is above most 3',
    );
    const patch = (spec: string) => refused("patch", "fl", "early", "--type=merge", "-p", `{"spec":${spec}}`);
    expect(await patch('{"port":"south"}')).toContain(
      'spec.port: Invalid value: "string": port cannot be changed',
    );
    expect(await patch('{"least":11}')).toContain("least 11 is above most 10");
    expect(await patch('{"least":2}')).toBe("");
    const wrong = DEFINITION.replace("self.least <= self.most", "self.leest <= self.most");
    expect(await refused("apply", "-f", file("wrong.yaml", wrong))).toMatch(
      /properties\[spec\]\.x-kubernetes-validations\[0\]\.rule: Invalid value: .*undefined field 'leest'/,
    );
  });

  it("edits an object, and tells what is wrong with an edit", async () => {
    const edit = (script: string) =>
      kubectl().run(["edit", "fl", "early"], { env: { KUBE_EDITOR: `sed -i ${script}` } });
    expect((await edit("s/most:.*/most:\\ 20/")).stdout).toContain("fleet.sea.example.com/early edited");
    expect(await kubectl()("get", "fl", "early", "-o", "jsonpath={.spec.most}")).toBe("20");
    const bad = await edit("s/least:.*/least:\\ 30/");
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('fleets.sea.example.com "early" is invalid');
  });

  it("collects dependents of custom owners, and custom dependents of others", async () => {
    const uid = await kubectl()("get", "fl", "early", "-o", "jsonpath={.metadata.uid}");
    const owned = (kind: string, apiVersion: string, name: string, of: string) =>
      `, ownerReferences: [{apiVersion: ${apiVersion}, kind: ${kind}, name: ${name}, uid: ${of}}]`;
    const owner = owned("Fleet", "sea.example.com/v1", "early", uid);
    const config = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: chart${owner}}\n`;
    await kubectl()("create", "-f", file("chart.yaml", config));
    await kubectl()("create", "configmap", "harbour");
    const harbour = await kubectl()("get", "cm", "harbour", "-o", "jsonpath={.metadata.uid}");
    const docked = fleet("docked", "{}", owned("ConfigMap", "v1", "harbour", harbour));
    await kubectl()("create", "-f", file("docked.yaml", docked));
    await kubectl()("delete", "cm", "harbour");
    await kubectl()("wait", "fl/docked", "--for=delete", "--timeout=100s");
    await kubectl()("delete", "fl", "early", "--cascade=foreground");
    expect(await refused("get", "cm", "chart")).toContain('configmaps "chart" not found');
  });

  it("counts objects in quotas by count/PLURAL.GROUP", async () => {
    await kubectl()(
      "create",
      "quota",
      "few",
      "--hard=count/fleets.sea.example.com=1,count/ingresses.networking.k8s.io=2",
    );
    await kubectl()("create", "-f", file("one.yaml", fleet("one", "{}")));
    expect(await refused("create", "-f", file("two.yaml", fleet("two", "{}")))).toContain(
      'fleets.sea.example.com "two" is forbidden: exceeded quota: few, requested: ' +
        "count/fleets.sea.example.com=1, used: count/fleets.sea.example.com=1, limited: count/fleets.sea.example.com=1",
    );
    expect(await refused("create", "-f", file("invalid.yaml", fleet("invalid", "{least: 11}")))).toContain(
      "least 11 is above most 10",
    );
    await kubectl()(
      "wait",
      "quota/few",
      `--for=jsonpath={.status.used['count/fleets\\.sea\\.example\\.com']}=1`,
      "--timeout=100s",
    );
    await kubectl()("delete", "fl", "one");
    await kubectl()(
      "wait",
      "quota/few",
      `--for=jsonpath={.status.used['count/fleets\\.sea\\.example\\.com']}=0`,
      "--timeout=100s",
    );
    await kubectl()("delete", "quota", "few");
  });

  it("does not serve a kind whose names are taken, until they are free", async () => {
    const rival = DEFINITION.replace("name: fleets.", "name: flotillas.").replace(
      "plural: fleets",
      "plural: flotillas",
    );
    await kubectl()("create", "-f", file("rival.yaml", rival));
    const crd = ["get", "crd", "flotillas.sea.example.com", "-o"];
    const reasons = "jsonpath={range .status.conditions[*]}{.type}={.status}/{.reason} {end}";
    expect(await kubectl()(...crd, reasons)).toBe(
      "NamesAccepted=False/SingularConflict Established=False/NotAccepted ",
    );
    expect(await refused("get", "flotillas")).toContain("the server doesn't have a resource type");
    const renamed = rival.replace("singular: fleet, kind: Fleet, shortNames: [fl]", "kind: Flotilla");
    await kubectl()("replace", "-f", file("renamed.yaml", renamed));
    await kubectl()("wait", "crd/flotillas.sea.example.com", "--for=condition=Established", "--timeout=100s");
    expect(await kubectl()("get", "flotillas")).toBe("");
    await kubectl()("delete", "crd", "flotillas.sea.example.com");
  });

  it("takes custom objects away with their namespace", async () => {
    await kubectl()("create", "namespace", "bay");
    await kubectl()("create", "-n", "bay", "-f", file("gone.yaml", fleet("gone", "{}")));
    await kubectl()(
      "create",
      "-n",
      "bay",
      "-f",
      file("held.yaml", fleet("held", "{}", ", finalizers: [sea.example.com/held]")),
    );
    await kubectl()("delete", "namespace", "bay", "--wait=false");
    await kubectl()("wait", "-n", "bay", "fl/gone", "--for=delete", "--timeout=100s");
    expect(await kubectl()("get", "ns", "bay")).toContain("Terminating");
    expect(await refused("create", "-n", "bay", "-f", file("late.yaml", fleet("late", "{}")))).toContain(
      "because it is being terminated",
    );
    await kubectl()(
      "patch",
      "-n",
      "bay",
      "fl",
      "held",
      "--type=merge",
      "-p",
      '{"metadata":{"finalizers":null}}',
    );
    await kubectl()("wait", "ns/bay", "--for=delete", "--timeout=100s");
  });
});
