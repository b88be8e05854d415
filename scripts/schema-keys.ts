/** What Kubernetes' Go types say beyond the declarations: integer widths and how lists and maps are merged. */

/** `Type.field` of every integer of 64 bits; all others have 32. */
export const INT64_FIELDS: ReadonlySet<string> = new Set([
  "Condition.observedGeneration",
  "ContainerImage.sizeBytes",
  "DeleteOptions.gracePeriodSeconds",
  "ListMeta.remainingItemCount",
  "ObjectMeta.deletionGracePeriodSeconds",
  "ObjectMeta.generation",
  "PodCondition.observedGeneration",
  "PodSecurityContext.fsGroup",
  "PodSecurityContext.runAsGroup",
  "PodSecurityContext.runAsUser",
  "PodSecurityContext.supplementalGroups",
  "PodSpec.activeDeadlineSeconds",
  "PodSpec.terminationGracePeriodSeconds",
  "PodStatus.observedGeneration",
  "Probe.terminationGracePeriodSeconds",
  "SecurityContext.runAsGroup",
  "SecurityContext.runAsUser",
  "ServiceAccountTokenProjection.expirationSeconds",
  "SleepAction.seconds",
  "Toleration.tolerationSeconds",
]);

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
}

const byKey = (key: string, mapKeys?: readonly string[]): MergeRule => ({
  key,
  strategy: "merge",
  type: "map",
  ...(mapKeys && { mapKeys }),
});
const UNION: MergeRule = { strategy: "merge", type: "set" };
const VOLUME_LIKE: MergeRule = { key: "name", strategy: "merge,retainKeys", type: "map" };
const ATOMIC: MergeRule = { type: "atomic" };

const CONTAINER = {
  env: byKey("name"),
  ports: byKey("containerPort", ["containerPort", "protocol"]),
  volumeMounts: byKey("mountPath"),
  volumeDevices: byKey("devicePath"),
};

/** By type, then field. */
export const MERGE_RULES: Readonly<Record<string, Readonly<Record<string, MergeRule>>>> = {
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
  ResourceRequirements: { claims: { type: "map", mapKeys: ["name"] } },
  ObjectMeta: { ownerReferences: byKey("uid"), finalizers: UNION },
  NodeSpec: { podCIDRs: UNION },
  NodeStatus: { addresses: byKey("type"), conditions: byKey("type") },
  NamespaceStatus: { conditions: byKey("type") },
  PodStatus: {
    conditions: byKey("type"),
    podIPs: byKey("ip"),
    hostIPs: { key: "ip", strategy: "merge", type: "atomic" },
    resourceClaimStatuses: VOLUME_LIKE,
  },
  ContainerStatus: { volumeMounts: byKey("mountPath"), allocatedResourcesStatus: byKey("name") },
};

/** A field that is younger than the declarations: type in their notation, and what it means. */
export interface AddedField {
  readonly type: "string" | "number";
  readonly doc: string;
}

export const ADDED_FIELDS: Readonly<Record<string, Readonly<Record<string, AddedField>>>> = {
  LeaseSpec: {
    preferredHolder: {
      type: "string",
      doc: "Who should hold the lease next, in coordinated leader election.",
    },
    strategy: { type: "string", doc: "How the holder is picked in coordinated leader election." },
  },
  PodStatus: {
    observedGeneration: {
      type: "number",
      doc: "The metadata.generation of the pod that this status is about.",
    },
  },
  PodCondition: {
    observedGeneration: {
      type: "number",
      doc: "The metadata.generation of the pod that this condition is about.",
    },
  },
};
