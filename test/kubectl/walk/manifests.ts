/** What the walk applies and creates, by the names of the files that its commands name; `NS` is the namespace. */
export const MANIFESTS: Readonly<Record<string, string>> = {
  "pod.yaml": pod("one", "{name: main, image: web, ports: [{containerPort: 80}]}, {name: side, image: side}"),
  "bad.yaml": pod("bad", "{name: main, imagee: web}"),
  "cm.yaml": configMap("cm", "1"),
  "cm2.yaml": configMap("cm", "2"),
  "cm3.yaml": configMap("cm", "3"),
  "list.yaml": JSON.stringify({ apiVersion: "v1", kind: "List", items: [account("a"), account("b")] }),
  "kustomization.yaml": "resources: [cm.yaml]\nnamePrefix: k-\n",
  "columns.txt": "NAME          PHASE\nmetadata.name status.phase\n",
  "path.txt": "{.metadata.name} is {.status.phase}",
  "sts.yaml": workload("StatefulSet", "db", "serviceName: db, replicas: 2,"),
  "sts2.yaml": workload("StatefulSet", "db", "serviceName: db, replicas: 2,", "web:2"),
  "ds.yaml": workload("DaemonSet", "agent", ""),
  "ds2.yaml": workload("DaemonSet", "agent", "", "web:2"),
  "rs.yaml": workload("ReplicaSet", "set", "replicas: 1,"),
  "claim.yaml": `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: disk}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits}
spec: {limits: [{type: Container, default: {cpu: 100m}, defaultRequest: {cpu: 50m}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: door}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
`,
  "role.yaml": `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: NS}
rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
`,
};

function pod(name: string, containers: string): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}, tier: front}}
spec: {containers: [${containers}]}
`;
}

function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: "${value}"}\n`;
}

function account(name: string): object {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } };
}

function workload(kind: string, name: string, spec: string, image = "web:1"): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec: {
  ${spec}
  selector: {matchLabels: {app: ${name}}},
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, image: "${image}"}]}}
}
`;
}
