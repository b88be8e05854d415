import type { Kind } from "../kind.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { Annotation } from "../well-known.ts";
import type { PersistentVolumeClaimSpec } from "./persistent-volume-claim.ts";
import { podActions } from "./pod-actions.ts";
import { podColumns } from "./pod-columns.ts";
import { withDisruption } from "./pod-condition.ts";
import { preparePod, setPodDefaults } from "./pod-defaults.ts";
import { ephemeralContainers } from "./pod-ephemeral-containers.ts";
import { isFinished } from "./pod-phase.ts";
import { podResize } from "./pod-resize.ts";
import { validatePod } from "./pod-validation.ts";
import { hostnameWarnings, podWarnings } from "./pod-warnings.ts";
import type { SecurityContext } from "./security-context-validation.ts";

export { isFinished } from "./pod-phase.ts";

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

/** v1.PodSpec, as far as kubesim acts on it; other fields of the schema are kept as they come. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  /** Added to a running pod by the subresource of this name (`kubectl debug`). */
  readonly ephemeralContainers?: readonly EphemeralContainer[];
  readonly volumes?: readonly Volume[];
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: {
    readonly nodeAffinity?: NodeAffinity;
    readonly podAffinity?: PodAffinity;
    readonly podAntiAffinity?: PodAffinity;
  };
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  readonly tolerations?: readonly Toleration[];
  readonly priority?: number;
  readonly priorityClassName?: string;
  readonly preemptionPolicy?: string;
  readonly schedulerName?: string;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly terminationGracePeriodSeconds?: number;
  readonly overhead?: Readonly<Record<string, string>>;
  readonly schedulingGates?: readonly { readonly name: string }[];
  readonly hostNetwork?: boolean;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly serviceAccountName?: string;
  /** The same, by its old name. */
  readonly serviceAccount?: string;
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
  readonly automountServiceAccountToken?: boolean;
  readonly activeDeadlineSeconds?: number;
  readonly dnsPolicy?: string;
  readonly enableServiceLinks?: boolean;
  readonly securityContext?: SecurityContext;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly hostUsers?: boolean;
  readonly shareProcessNamespace?: boolean;
  readonly runtimeClassName?: string;
  readonly dnsConfig?: DnsConfig;
  readonly hostAliases?: readonly { readonly ip?: string; readonly hostnames?: readonly string[] }[];
  readonly os?: { readonly name?: string };
  readonly readinessGates?: readonly { readonly conditionType: string }[];
}

interface ResourceRequirements {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly resources?: ResourceRequirements;
  readonly resizePolicy?: readonly object[];
  /** `Always` on an init container makes it a sidecar. */
  readonly restartPolicy?: string;
  readonly ports?: readonly ContainerPort[];
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  /** The container's own process reads what a client sends that attaches. */
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly envFrom?: readonly EnvironmentSource[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly volumeDevices?: readonly VolumeDevice[];
  readonly securityContext?: SecurityContext;
  readonly imagePullPolicy?: string;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: string;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: { readonly postStart?: LifecycleHandler; readonly preStop?: LifecycleHandler };
}

/** v1.LifecycleHandler, as far as it can be told how long it takes. */
export interface LifecycleHandler {
  readonly exec?: { readonly command?: readonly string[] };
  readonly sleep?: { readonly seconds?: number };
}

/** v1.EnvFromSource. */
interface EnvironmentSource {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name?: string };
  readonly secretRef?: { readonly name?: string };
}

/** v1.VolumeMount. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly mountPropagation?: string;
  readonly recursiveReadOnly?: string;
}

/** v1.VolumeDevice. */
export interface VolumeDevice {
  readonly name: string;
  readonly devicePath: string;
}

/** v1.PodDNSConfig. */
export interface DnsConfig {
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name?: string; readonly value?: string }[];
}

/** v1.EphemeralContainer: has neither ports nor probes nor resources. */
export interface EphemeralContainer extends Container {
  readonly targetContainerName?: string;
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol?: string;
}

/** v1.Probe, as far as it has defaults and agents tell of it. */
export interface Probe {
  readonly exec?: object;
  readonly tcpSocket?: { readonly port?: number | string };
  readonly grpc?: { readonly service?: string };
  readonly initialDelaySeconds?: number;
  readonly httpGet?: { readonly path?: string; readonly scheme?: string };
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
  readonly terminationGracePeriodSeconds?: number;
}

/** v1.PersistentVolumeClaimTemplate. */
export interface VolumeClaimTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PersistentVolumeClaimSpec;
}

interface FileVolume {
  readonly defaultMode?: number;
  readonly [field: string]: unknown;
}

/** v1.Volume as far as it has defaults or kubesim acts on it. */
export interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly ephemeral?: { readonly volumeClaimTemplate?: VolumeClaimTemplate };
  readonly emptyDir?: object;
  readonly secret?: FileVolume;
  readonly configMap?: FileVolume;
  readonly downwardAPI?: FileVolume;
  readonly projected?: FileVolume;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: {
    readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
  };
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number;
    readonly preference: NodeSelectorTerm;
  }[];
}

/** v1.PodAffinity and v1.PodAntiAffinity. */
export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number;
    readonly podAffinityTerm: PodAffinityTerm;
  }[];
}

export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly topologyKey: string;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

export interface TopologySpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
  readonly labelSelector?: LabelSelector;
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
  readonly matchLabelKeys?: readonly string[];
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values?: readonly string[];
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

export interface PodStatus {
  readonly phase: PodPhase;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly Condition[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly startTime?: string;
  readonly nominatedNodeName?: string;
  readonly qosClass?: string;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  /** What it has been given and may use, of pods that were resized. */
  readonly allocatedResources?: Readonly<Record<string, string>>;
  readonly resources?: ResourceRequirements;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly containerID?: string;
  };
}

/** Body of pods/binding. */
export interface Binding {
  readonly apiVersion: "v1";
  readonly kind: "Binding";
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    /** The pod gets them in addition to its own. */
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly target: { readonly kind: "Node"; readonly name: string };
}

export const pods: Kind<Pod> = {
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  singular: "pod",
  shortNames: ["po"],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.core.v1.Pod",
  statusSubresource: true,
  keptByStatus: ["ownerReferences"],
  columns: podColumns,
  selectableFields: {
    "spec.nodeName": (pod) => pod.spec.nodeName ?? "",
    "spec.restartPolicy": (pod) => pod.spec.restartPolicy ?? "",
    "spec.schedulerName": (pod) => pod.spec.schedulerName ?? "",
    "spec.serviceAccountName": (pod) => pod.spec.serviceAccountName ?? "",
    "spec.hostNetwork": (pod) => String(pod.spec.hostNetwork === true),
    "status.phase": (pod) => pod.status.phase,
    "status.podIP": (pod) => pod.status.podIP ?? "",
    "status.nominatedNodeName": (pod) => pod.status.nominatedNodeName ?? "",
  },
  setDefaults: setPodDefaults,
  prepareForCreate: preparePod,
  validate: validatePod,
  warnings: (pod, old) => [
    ...(old === undefined ? hostnameWarnings(pod.metadata.name, "the Pod's hostname") : []),
    ...podWarnings("", pod),
  ],
  prepareForDelete: withDisruption,
  deletionGraceSeconds: graceSecondsOf,
  parts: { ephemeralcontainers: ephemeralContainers, resize: podResize },
  actions: podActions(() => pods),
};

/** How long a pod may take to end; less than nothing is a second, as in Kubernetes. */
export function graceSecondsIn({ terminationGracePeriodSeconds: grace = 30 }: PodSpec): number {
  return grace < 0 ? 1 : grace;
}

/** A pod on a node is held until its kubelet has ended it; one that runs nowhere goes at once. */
function graceSecondsOf(pod: Pod): number {
  if (!pod.spec.nodeName || isFinished(pod)) return 0;
  return graceSecondsIn(pod.spec);
}

/**
 * Where the pod stands in the queue among pods of its priority: order of first creation.
 * Uids of this server sort by creation (see uid.ts); a re-created pod carries the place of the one it replaces.
 */
export function queuePlace(pod: Pod): string {
  return pod.metadata.annotations?.[Annotation.queuePlace] ?? pod.metadata.uid;
}
