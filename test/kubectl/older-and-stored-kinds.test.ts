import { expect, it } from "vitest";
import { templateYaml, withCluster } from "./workloads.ts";

const OLD = `apiVersion: v1
kind: ReplicationController
metadata: {name: old}
spec:
  replicas: 2
${templateYaml("old")}`;

const POLICIES = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 53, protocol: UDP}]}]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx, parameters: {apiGroup: example.com, kind: Settings, name: main}}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: runsc
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: disk.example.com}
spec: {attachRequired: false}
---
apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: {name: node-1}
spec: {drivers: [{name: disk.example.com, nodeID: n1}]}
---
apiVersion: v1
kind: PodTemplate
metadata: {name: stamp}
template:
  metadata: {labels: {app: stamp}}
  spec: {containers: [{name: main, image: "stamp:1"}]}
`;

withCluster("on ReplicationControllers and Endpoints", (kubectl) => {
  it("runs a ReplicationController as a ReplicaSet is run", async () => {
    await kubectl()("apply", "-f", kubectl().file("old.yaml", OLD));
    await kubectl()("wait", "rc/old", "--for=jsonpath={.status.readyReplicas}=2", "--timeout=100s");
    const table = await kubectl()("get", "rc", "-o", "wide");
    expect(table).toMatch(/NAME\s+DESIRED\s+CURRENT\s+READY\s+AGE\s+CONTAINERS\s+IMAGES\s+SELECTOR\n/);
    expect(table).toMatch(/old\s+2\s+2\s+2\s+\w+\s+main\s+\S+\s+app=old/);
    expect(await kubectl()("scale", "rc/old", "--replicas=3")).toContain("replicationcontroller/old scaled");
    await kubectl()("wait", "rc/old", "--for=jsonpath={.status.readyReplicas}=3", "--timeout=100s");
    expect(await kubectl()("describe", "rc", "old")).toMatch(/3 Running \/ 0 Waiting/);
    expect(await kubectl()("expose", "rc", "old", "--port=80")).toBe("service/old exposed\n");
  });

  it("says in Endpoints who is behind a service", async () => {
    const three = "--for=jsonpath={.subsets[0].addresses[2].targetRef.kind}=Pod";
    await kubectl()("wait", "endpoints/old", three, "--timeout=100s");
    const table = await kubectl()("get", "ep", "old");
    expect(table).toMatch(/NAME\s+ENDPOINTS\s+AGE\nold\s+10\.\S+:80,10\.\S+:80,10\.\S+:80\s/);
    expect(await kubectl()("describe", "endpoints", "old")).toMatch(/Addresses:\s+10\./);
    await kubectl()("scale", "rc/old", "--replicas=1");
    await kubectl()("wait", "rc/old", "--for=jsonpath={.status.replicas}=1", "--timeout=100s");
    await kubectl()("delete", "service", "old");
    await kubectl()("wait", "endpoints/old", "--for=delete", "--timeout=100s");
  });

  it("deletes its pods with it, unless they are to be orphaned", async () => {
    await kubectl()("delete", "rc", "old", "--cascade=orphan");
    // Those that it no longer counts may still be about to end.
    const left = () => kubectl()("get", "pods", "-l", "app=old", "-o", "name");
    await expect.poll(left).toMatch(/^pod\/old-\w+\n$/);
    await kubectl()("apply", "-f", kubectl().file("old.yaml", OLD));
    await kubectl()("delete", "rc", "old");
    await kubectl()("wait", "pod", "-l", "app=old", "--for=delete", "--timeout=100s");
  });

  it("creates ingresses of the typed form, and says what is wrong with others", async () => {
    await kubectl()("create", "ingress", "web", "--class=nginx", "--rule=a.example/*=web:80,tls=cert");
    await kubectl()("create", "ingress", "any", "--default-backend=web:http");
    const table = await kubectl()("get", "ing");
    expect(table).toMatch(/NAME\s+CLASS\s+HOSTS\s+ADDRESS\s+PORTS\s+AGE\n/);
    expect(table).toMatch(/any\s+<none>\s+\*\s+80\s/);
    expect(table).toMatch(/web\s+nginx\s+a\.example\s+80, 443\s/);
    expect(await kubectl()("describe", "ingress", "web")).toMatch(/a\.example\s+\/\s+web:80/);
    const empty =
      '{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"bad"},"spec":{}}';
    const refused = await kubectl().run(["create", "-f", "-"], { input: empty });
    expect(refused.stderr).toContain("either `defaultBackend` or `rules` must be specified");
  });

  it("keeps policies, classes, drivers and templates, with their columns", async () => {
    const path = kubectl().file("policies.yaml", POLICIES);
    await kubectl()("apply", "-f", path);
    expect(await kubectl()("apply", "-f", path)).not.toMatch(/configured|created/);
    expect(await kubectl()("get", "netpol")).toMatch(/NAME\s+POD-SELECTOR\s+AGE\nweb\s+app=web\s/);
    expect(await kubectl()("describe", "netpol", "web")).toMatch(/Policy Types: Ingress, Egress/);
    expect(await kubectl()("get", "ingressclass")).toMatch(
      /nginx\s+k8s\.io\/ingress-nginx\s+Settings\.example\.com\/main/,
    );
    expect(await kubectl()("get", "runtimeclass")).toMatch(/NAME\s+HANDLER\s+AGE\ngvisor\s+runsc/);
    expect(await kubectl()("get", "csidriver")).toMatch(
      /disk\.example\.com\s+false\s+false\s+false\s+<unset>\s+false\s+Persistent/,
    );
    expect(await kubectl()("get", "csinode")).toMatch(/NAME\s+DRIVERS\s+AGE\nnode-1\s+1\s/);
    expect(await kubectl()("get", "podtemplates")).toMatch(/stamp\s+main\s+stamp:1\s+app=stamp/);
    for (const kind of ["ingress.spec.rules", "networkpolicy.spec", "rc.spec.template", "csidriver.spec"]) {
      expect(await kubectl()("explain", kind)).toContain("FIELD");
    }
  });
});
