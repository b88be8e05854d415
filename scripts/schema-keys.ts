/** What Kubernetes' Go types say beyond the declarations: formats of scalars and how lists and maps are merged. */

/** `Type.field` in the notation of the table, of types that have no protobuf message to tell. */
export const FORMATS: Readonly<Record<string, string>> = {
  "JSONSchemaProps.maxItems": "l",
  "JSONSchemaProps.maxLength": "l",
  "JSONSchemaProps.maxProperties": "l",
  "JSONSchemaProps.maximum": "n",
  "JSONSchemaProps.minItems": "l",
  "JSONSchemaProps.minLength": "l",
  "JSONSchemaProps.minProperties": "l",
  "JSONSchemaProps.minimum": "n",
  "JSONSchemaProps.multipleOf": "n",
  "WebhookClientConfig.caBundle": "y",
};

/** Fields that the declarations lack and no protobuf message tells of, in the notation of the table. */
export const ADDED_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  JSONSchemaProps: {
    "x-kubernetes-embedded-resource": "b",
    "x-kubernetes-int-or-string": "b",
    "x-kubernetes-list-map-keys": "[s",
    "x-kubernetes-list-type": "s",
    "x-kubernetes-map-type": "s",
    "x-kubernetes-preserve-unknown-fields": "b",
    "x-kubernetes-validations": "[@io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule",
  },
};

/** How a field is merged. Absent parts mean: replaced as a whole by a strategic patch, owned as one value by apply. */
export interface MergeRule {
  /** patchMergeKey */
  readonly key?: string;
  /** patchStrategy */
  readonly strategy?: string;
  /** x-kubernetes-list-map-keys, where they are not just the merge key. */
  readonly mapKeys?: readonly string[];
  /** x-kubernetes-list-type or -map-type. */
  readonly type?: "map" | "set" | "atomic";
  /** What a list map key means that an item leaves out. */
  readonly default?: string;
}

/** x-kubernetes-map-type atomic: apply owns an object of the type as one value. Ends of names. */
export const ATOMIC_TYPES: readonly string[] = [
  "autoscaling.v1.CrossVersionObjectReference",
  "ConfigMapKeySelector",
  "EndpointAddress",
  "EndpointPort",
  "FileKeySelector",
  "LabelSelector",
  "LocalObjectReference",
  "NodeSelector",
  "NodeSelectorTerm",
  "ObjectFieldSelector",
  "ObjectReference",
  "OwnerReference",
  "ResourceFieldSelector",
  "RoleRef",
  "ScopeSelector",
  "SecretKeySelector",
  "SecretReference",
  "Subject",
  "TopologySelectorTerm",
  "TypedLocalObjectReference",
];

const byKey = (key: string, mapKeys?: readonly string[]): MergeRule => ({
  key,
  strategy: "merge",
  type: "map",
  ...(mapKeys && { mapKeys }),
});
const UNION: MergeRule = { strategy: "merge", type: "set" };
const SET: MergeRule = { type: "set" };
const VOLUME_LIKE: MergeRule = { key: "name", strategy: "merge,retainKeys", type: "map" };
const ATOMIC: MergeRule = { type: "atomic" };
const TCP: MergeRule = { default: "TCP" };
const CONDITIONS = { conditions: byKey("type") };

const CONTAINER = {
  env: byKey("name"),
  ports: byKey("containerPort", ["containerPort", "protocol"]),
  volumeMounts: byKey("mountPath"),
  volumeDevices: byKey("devicePath"),
};

/** By type, then field. */
export const MERGE_RULES: Readonly<Record<string, Readonly<Record<string, MergeRule>>>> = {
  ObjectMeta: { ownerReferences: byKey("uid"), finalizers: UNION },
  PodSpec: {
    containers: byKey("name"),
    initContainers: byKey("name"),
    ephemeralContainers: byKey("name"),
    imagePullSecrets: byKey("name"),
    schedulingGates: byKey("name"),
    volumes: VOLUME_LIKE,
    resourceClaims: VOLUME_LIKE,
    hostAliases: byKey("ip"),
    topologySpreadConstraints: byKey("topologyKey", ["topologyKey", "whenUnsatisfiable"]),
    nodeSelector: ATOMIC,
  },
  Container: CONTAINER,
  EphemeralContainer: CONTAINER,
  ContainerPort: { protocol: TCP },
  ResourceRequirements: { claims: { type: "map", mapKeys: ["name"] } },
  PodStatus: {
    conditions: byKey("type"),
    podIPs: byKey("ip"),
    hostIPs: { key: "ip", strategy: "merge", type: "atomic" },
    resourceClaimStatuses: VOLUME_LIKE,
  },
  ContainerStatus: { volumeMounts: byKey("mountPath"), allocatedResourcesStatus: byKey("name") },
  ResourceStatus: { resources: { type: "map", mapKeys: ["resourceID"] } },
  NodeSpec: { podCIDRs: UNION },
  NodeStatus: { addresses: byKey("type"), conditions: byKey("type") },
  NamespaceStatus: CONDITIONS,
  ServiceSpec: { ports: byKey("port", ["port", "protocol"]), selector: ATOMIC },
  ServicePort: { protocol: TCP },
  ServiceStatus: CONDITIONS,
  CSIDriverSpec: { tokenRequests: ATOMIC },
  CSINodeSpec: { drivers: byKey("name") },
  IngressSpec: { rules: ATOMIC, tls: ATOMIC },
  IngressTLS: { hosts: ATOMIC },
  HTTPIngressRuleValue: { paths: ATOMIC },
  IngressLoadBalancerStatus: { ingress: ATOMIC },
  StorageClass: { mountOptions: ATOMIC, allowedTopologies: ATOMIC },
  ServiceAccount: { secrets: byKey("name") },
  PersistentVolumeClaimStatus: CONDITIONS,
  DeploymentSpec: { strategy: { strategy: "retainKeys" } },
  DeploymentStatus: CONDITIONS,
  ReplicaSetStatus: CONDITIONS,
  StatefulSetStatus: CONDITIONS,
  DaemonSetStatus: CONDITIONS,
  JobStatus: { conditions: { key: "type", strategy: "merge", type: "atomic" } },
  UncountedTerminatedPods: { failed: SET, succeeded: SET },
  HorizontalPodAutoscalerStatus: CONDITIONS,
  PodDisruptionBudgetSpec: { selector: { strategy: "replace" } },
  PodDisruptionBudgetStatus: CONDITIONS,
  Endpoint: { addresses: SET },
  CustomResourceDefinitionStatus: { conditions: { type: "map", mapKeys: ["type"] } },
  JSONSchemaProps: { "x-kubernetes-validations": byKey("rule") },
};
