/** Names that Kubernetes or kubesim gives a meaning. */
export const Label = {
  hostname: "kubernetes.io/hostname",
  zone: "topology.kubernetes.io/zone",
  region: "topology.kubernetes.io/region",
  excludeDisruption: "node.kubernetes.io/exclude-disruption",
  /** Nodes with this label set to "true" are never chosen by chaos. */
  chaosProtected: "chaos.kubesim/protected",
  /** On a Node: what its GPUs are, e.g. `V100M32`. */
  gpuModel: "kubesim.dev/gpu-model",
  /** On a NodeFault: the id of the chaos run that made it. */
  chaosRun: "kubesim.dev/chaos-run",
} as const;

/**
 * What is said on a Pod of its containers holds for all of them, init containers and sidecars not; with the name of a
 * container and a dot in front (`side.kubesim.dev/duration`) for that container alone.
 */
export const Annotation = {
  /** On a Node: who runs it. Absent means `simulated`; `none` leaves the Node without an agent. */
  agent: "kubesim.dev/agent",
  /** When the object of a simulated workload comes, since the start: `12s`. It is taken off as it comes. */
  arrival: "kubesim.dev/arrival",
  /** On a Pod: how long its containers run before they end, e.g. `30s`; absent means for ever. */
  duration: "kubesim.dev/duration",
  /** On a Pod: the exit code its containers end with (default 0). */
  exitCode: "kubesim.dev/exit-code",
  /** On a Pod: how long its containers take to end after they were told to, e.g. `5s`. */
  stopAfter: "kubesim.dev/stop-after",
  /** On a Pod: how long the postStart and preStop hooks of its containers take. */
  postStart: "kubesim.dev/post-start",
  preStop: "kubesim.dev/pre-stop",
  /** On a Pod: the exit code of the postStart hooks of its containers; any but 0 ends the container. */
  postStartExitCode: "kubesim.dev/post-start-exit-code",
  /** On a Pod: time from binding to Running, e.g. `500ms`. */
  startDelay: "kubesim.dev/start-delay",
  /** On a Pod: why the images of its containers cannot be pulled, as long as it says so. */
  pullError: "kubesim.dev/pull-error",
  /** On a Pod: how long after their start its containers are ready. */
  readyAfter: "kubesim.dev/ready-after",
  /** On a Pod: when after their start its containers stop being ready, and for how long; absent: for good. */
  unreadyAt: "kubesim.dev/unready-at",
  unreadyFor: "kubesim.dev/unready-for",
  /** On a Pod: from when after their start on startup probes succeed. */
  startedAfter: "kubesim.dev/started-after",
  /** On a Pod: from when after their start on liveness probes fail. */
  livenessFailsAfter: "kubesim.dev/liveness-fails-after",
  /** On a Pod: lines that its containers log in turn, instead of ones that kubesim makes up. */
  logLines: "kubesim.dev/log-lines",
  /** On a Pod: which ports answer HTTP: `true`, `false` or a list; unless given, those that containers declare. */
  http: "kubesim.dev/http",
  /** On a Pod: time between two lines of its logs, e.g. `2s`; `0` for those of start and end alone. */
  logInterval: "kubesim.dev/log-interval",
  /** On a Pod: what its containers use together, e.g. `sine 100m..400m period 10m` (docs/kubernetes.md). */
  usageCpu: "kubesim.dev/usage-cpu",
  usageMemory: "kubesim.dev/usage-memory",
  /** On a bound Pod: the indexes of the GPUs it has a part of, e.g. `0` or `2,3`. */
  gpuDevices: "kubesim.dev/gpu-devices",
  /** On a bare Pod: `"false"` leaves it deleted when its node is lost, as Kubernetes does. */
  reschedule: "kubesim.dev/reschedule",
  /** On a re-created Pod: the queue place (see `queuePlace`) of the first Pod of its line. */
  queuePlace: "kubesim.dev/queue-place",
  /** On a re-created Pod: how often it has been moved off a lost node. */
  moves: "kubesim.dev/moves",
  /** On a Lease that nothing need write while all is well: the renewal period in ms (see kinds/lease.ts). */
  renewsEvery: "kubesim.dev/renews-every-ms",
} as const;

export const Taint = {
  notReady: "node.kubernetes.io/not-ready",
  unreachable: "node.kubernetes.io/unreachable",
  unschedulable: "node.kubernetes.io/unschedulable",
  memoryPressure: "node.kubernetes.io/memory-pressure",
  diskPressure: "node.kubernetes.io/disk-pressure",
  pidPressure: "node.kubernetes.io/pid-pressure",
  networkUnavailable: "node.kubernetes.io/network-unavailable",
  outOfService: "node.kubernetes.io/out-of-service",
} as const;

/** What holds a deleted object until the garbage collector has seen to its dependents. */
export const Finalizer = {
  /** They are deleted first. */
  foreground: "foregroundDeletion",
  /** They are let go first. */
  orphan: "orphan",
  /** Pods use the claim. */
  claimProtection: "kubernetes.io/pvc-protection",
  /** A claim has the volume. */
  volumeProtection: "kubernetes.io/pv-protection",
} as const;

/** What the parts of Kubernetes note on claims and volumes for each other. */
export const VolumeAnnotation = {
  /** On a claim: the node its volume is to be made for. */
  selectedNode: "volume.kubernetes.io/selected-node",
  /** On a claim: who is to make its volume. */
  provisioner: "volume.kubernetes.io/storage-provisioner",
  /** On a claim: it has had its volume, and is lost without it. */
  bindCompleted: "pv.kubernetes.io/bind-completed",
  /** On a claim or volume: the controller chose the other one. */
  boundByController: "pv.kubernetes.io/bound-by-controller",
  /** On a volume: who made it. */
  provisionedBy: "pv.kubernetes.io/provisioned-by",
} as const;

export const NODE_LEASE_NAMESPACE = "kube-node-lease";
export const SCHEDULER_NAME = "default-scheduler";
export const KUBESIM_GROUP = "kubesim.dev";
