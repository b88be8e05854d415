/** The types that are served, as module and name in the package kubernetes-types; all that they reach goes along. */
export const ROOTS: readonly (readonly [module: string, name: string])[] = [
  ...inModule("core/v1", [
    "Binding",
    "ConfigMap",
    "Endpoints",
    "Event",
    "LimitRange",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
  ]),
  ...inModule("apiextensions/v1", ["CustomResourceDefinition"]),
  ...inModule("apps/v1", ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
  ...inModule("authentication/v1", ["SelfSubjectReview", "TokenRequest", "TokenReview"]),
  ...inModule("authorization/v1", [
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
  ]),
  ...inModule("autoscaling/v1", ["HorizontalPodAutoscaler", "Scale"]),
  ...inModule("autoscaling/v2", ["HorizontalPodAutoscaler"]),
  ...inModule("batch/v1", ["CronJob", "Job"]),
  ...inModule("coordination/v1", ["Lease"]),
  ...inModule("discovery/v1", ["EndpointSlice"]),
  ...inModule("events/v1", ["Event"]),
  ...inModule("meta/v1", ["DeleteOptions"]),
  ...inModule("networking/v1", ["Ingress", "IngressClass", "NetworkPolicy"]),
  ...inModule("node/v1", ["RuntimeClass"]),
  ...inModule("policy/v1", ["Eviction", "PodDisruptionBudget"]),
  ...inModule("rbac/v1", ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]),
  ...inModule("scheduling/v1", ["PriorityClass"]),
  ...inModule("storage/v1", [
    "CSIDriver",
    "CSINode",
    "CSIStorageCapacity",
    "StorageClass",
    "VolumeAttachment",
  ]),
];

/** `core/v1` and `Pod` -> `io.k8s.api.core.v1.Pod`. */
export function schemaName(module: string, name: string): string {
  return `${PACKAGES.find(([start]) => module.startsWith(start))?.[1]}${module.replaceAll("/", ".")}.${name}`;
}

const PACKAGES: readonly (readonly [start: string, prefix: string])[] = [
  ["api/", "io.k8s.apimachinery.pkg."],
  ["runtime", "io.k8s.apimachinery.pkg."],
  ["meta/", "io.k8s.apimachinery.pkg.apis."],
  ["apiextensions/", "io.k8s.apiextensions-apiserver.pkg.apis."],
  ["", "io.k8s.api."],
];

function inModule(module: string, names: readonly string[]): (readonly [string, string])[] {
  return names.map((name) => [module, name]);
}
