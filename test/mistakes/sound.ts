import { apiVersionOf, type Kind } from "../../src/api/kind.ts";
import type { Json } from "../in-memory-server.ts";
import type { Subject } from "./mistakes.ts";

/*
 * One sound object of every kind that clients write, with the parts in it that users write most.
 */

const LABELS = { app: "web" };
const SELECTOR = { matchLabels: LABELS };
export const TEMPLATE = {
  metadata: { labels: LABELS },
  spec: {
    containers: [
      {
        name: "main",
        image: "nginx",
        ports: [{ name: "http", containerPort: 80 }],
        resources: { requests: { cpu: "100m" } },
      },
    ],
  },
};
const ONCE = { ...TEMPLATE, spec: { ...TEMPLATE.spec, restartPolicy: "Never" } };
const ROLE_RULES = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const SUBJECTS = [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "jane" }];
const roleRef = (kind: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind, name: "reader" });
const CLAIM = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };

/** What comes beside apiVersion, kind and metadata. */
const PARTS: Readonly<Record<string, object>> = {
  Namespace: {},
  Node: { spec: { taints: [{ key: "a", effect: "NoSchedule" }] }, status: { capacity: { cpu: "4" } } },
  Pod: { spec: { ...TEMPLATE.spec, tolerations: [{ key: "a", operator: "Exists" }] } },
  Event: {
    involvedObject: { kind: "Pod", name: "web", namespace: "default" },
    ...{ reason: "Started", message: "started", type: "Normal" },
  },
  ConfigMap: { data: { a: "1" } },
  Secret: { type: "Opaque", data: { a: "MQ==" } },
  ServiceAccount: {},
  Service: { spec: { selector: LABELS, ports: [{ name: "http", port: 80 }] } },
  Endpoints: { subsets: [{ addresses: [{ ip: "10.1.2.3" }], ports: [{ port: 80 }] }] },
  ReplicationController: { spec: { replicas: 1, selector: LABELS, template: TEMPLATE } },
  PodTemplate: { template: TEMPLATE },
  EndpointSlice: {
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [{ name: "http", port: 80, protocol: "TCP" }],
  },
  Ingress: {
    spec: {
      rules: [
        {
          host: "web.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "web", port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  },
  IngressClass: { spec: { controller: "example.com/ingress" } },
  NetworkPolicy: {
    spec: {
      podSelector: SELECTOR,
      ingress: [{ from: [{ podSelector: SELECTOR }], ports: [{ protocol: "TCP", port: 80 }] }],
    },
  },
  RuntimeClass: { handler: "runc" },
  PersistentVolumeClaim: { spec: CLAIM },
  PersistentVolume: {
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/data" } },
  },
  StorageClass: { provisioner: "example.com/disk" },
  CSIDriver: { spec: { attachRequired: true } },
  CSINode: { spec: { drivers: [{ name: "example.com", nodeID: "n" }] } },
  CSIStorageCapacity: { storageClassName: "fast", capacity: "10Gi", nodeTopology: SELECTOR },
  VolumeAttachment: {
    spec: { attacher: "example.com", nodeName: "n", source: { persistentVolumeName: "v" } },
  },
  LimitRange: { spec: { limits: [{ type: "Container", max: { cpu: "2" }, default: { cpu: "1" } }] } },
  ResourceQuota: { spec: { hard: { pods: "10", "requests.cpu": "4" } } },
  PodDisruptionBudget: { spec: { minAvailable: 1, selector: SELECTOR } },
  PriorityClass: { value: 1_000 },
  Role: { rules: ROLE_RULES },
  RoleBinding: { roleRef: roleRef("Role"), subjects: SUBJECTS },
  ClusterRole: { rules: ROLE_RULES },
  ClusterRoleBinding: { roleRef: roleRef("ClusterRole"), subjects: SUBJECTS },
  Lease: { spec: { holderIdentity: "a", leaseDurationSeconds: 15 } },
  Deployment: { spec: { replicas: 1, selector: SELECTOR, template: TEMPLATE } },
  ReplicaSet: { spec: { replicas: 1, selector: SELECTOR, template: TEMPLATE } },
  StatefulSet: {
    spec: {
      ...{ serviceName: "web", replicas: 1, selector: SELECTOR, template: TEMPLATE },
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: CLAIM }],
    },
  },
  DaemonSet: { spec: { selector: SELECTOR, template: TEMPLATE } },
  ControllerRevision: { revision: 1, data: {} },
  HorizontalPodAutoscaler: {
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      ...{ minReplicas: 1, maxReplicas: 5 },
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ],
    },
  },
  Job: { spec: { completions: 1, template: ONCE } },
  CronJob: { spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template: ONCE } } } },
  CustomResourceDefinition: {
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets" },
      versions: [
        {
          ...{ name: "v1", served: true, storage: true },
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
            },
          },
        },
      ],
    },
  },
  NodeFault: { spec: { nodeName: "node-1", fault: "node-crash" } },
  ClusterSettings: {},
};

/** The kind with a sound object of it; undefined where clients do not make any. */
export function subjectOf(kind: Kind): Subject | undefined {
  const parts = PARTS[kind.kind];
  if (parts === undefined) return undefined;
  const name = kind.kind === "CustomResourceDefinition" ? "widgets.example.com" : "web";
  const metadata: Json = { name, ...(kind.namespaced && { namespace: "default" }), labels: LABELS };
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
  return {
    collection: `${root}/${kind.namespaced ? "namespaces/default/" : ""}${kind.plural}`,
    called: kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`,
    sound: { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, ...parts },
  };
}
