import type { Node } from "../../api/kinds/node.ts";
import type { Condition } from "../../api/meta.ts";

/** The conditions that a kubelet posts; without it nobody knows them. */
const POSTED_BY_KUBELET = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] as const;

/** The node as it is shown when its kubelet is silent; the same node when it is shown so already. */
export function withSilentKubelet(node: Node, time: string): Node {
  const before = node.status.conditions ?? [];
  if (POSTED_BY_KUBELET.every((type) => statusOf(before, type) === "Unknown")) return node;
  const kept = before.map((condition) =>
    isPostedByKubelet(condition.type) && condition.status !== "Unknown"
      ? stopped(condition, time)
      : condition,
  );
  const missing = POSTED_BY_KUBELET.filter((type) => statusOf(before, type) === undefined).map((type) =>
    neverPosted(type, time),
  );
  return { ...node, status: { ...node.status, conditions: [...kept, ...missing] } };
}

function isPostedByKubelet(type: string): boolean {
  return (POSTED_BY_KUBELET as readonly string[]).includes(type);
}

function statusOf(conditions: readonly Condition[], type: string): Condition["status"] | undefined {
  return conditions.find((condition) => condition.type === type)?.status;
}

function stopped(condition: Condition, time: string): Condition {
  return {
    ...condition,
    status: "Unknown",
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
    lastTransitionTime: time,
  };
}

function neverPosted(type: string, time: string): Condition {
  return {
    type,
    status: "Unknown",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
    lastHeartbeatTime: null,
    lastTransitionTime: time,
  };
}
