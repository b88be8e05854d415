import { type Node, nodeCondition } from "../../api/kinds/node.ts";
import { type Condition, timestamp } from "../../api/meta.ts";
import { extend } from "../../lib/extend.ts";

/** What a machine has when its Node does not say. */
const DEFAULT_CAPACITY: Readonly<Record<string, string>> = {
  cpu: "4",
  memory: "16Gi",
  pods: "110",
  "ephemeral-storage": "100Gi",
};

const NODE_INFO: Readonly<Record<string, string>> = {
  architecture: "amd64",
  containerRuntimeVersion: "kubesim://1.0.0",
  kernelVersion: "6.1.0-kubesim",
  kubeProxyVersion: "v1.33.0-kubesim",
  kubeletVersion: "v1.33.0-kubesim",
  operatingSystem: "linux",
  osImage: "kubesim simulated machine",
};

/** Type, status, reason and message of what a well kubelet says about its machine. */
const WELL = [
  ["MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
  ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
] as const;

/** The node with the status that a well kubelet posts; the same node when it says all of it already. */
export function withKubeletStatus(node: Node, address: string, now: number): Node {
  if (isWellReported(node)) return node;
  const { status } = node;
  const capacity = { ...DEFAULT_CAPACITY, ...status.allocatable, ...status.capacity };
  const reported: Node["status"] = extend(status, {
    capacity,
    allocatable: { ...capacity, ...status.allocatable },
    conditions: wellConditions(node, now),
    addresses: status.addresses ?? [
      { type: "InternalIP", address },
      { type: "Hostname", address: node.metadata.name },
    ],
    nodeInfo: {
      machineID: node.metadata.uid.replaceAll("-", ""),
      systemUUID: node.metadata.uid,
      bootID: node.metadata.uid,
      ...NODE_INFO,
      ...status.nodeInfo,
    },
  });
  return { ...node, status: reported };
}

/** True when the status needs no word from the kubelet. Cheap: asked at every change of a Node. */
export function isWellReported(node: Node): boolean {
  const { capacity, allocatable, addresses, nodeInfo } = node.status;
  if (capacity === undefined || allocatable === undefined) return false;
  if (addresses === undefined || nodeInfo === undefined) return false;
  for (const resource in DEFAULT_CAPACITY) {
    if (capacity[resource] === undefined || allocatable[resource] === undefined) return false;
  }
  return WELL.every(([type, wanted]) => nodeCondition(node, type)?.status === wanted);
}

function wellConditions(node: Node, now: number): readonly Condition[] {
  const time = timestamp(now);
  const others = (node.status.conditions ?? []).filter(({ type }) => !WELL.some(([well]) => well === type));
  const well = WELL.map(([type, status, reason, message]): Condition => {
    const before = nodeCondition(node, type);
    const since = before?.status === status ? before.lastTransitionTime : undefined;
    return { type, status, lastHeartbeatTime: time, lastTransitionTime: since ?? time, reason, message };
  });
  return [...others, ...well];
}
