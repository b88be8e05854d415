import { extend } from "../../lib/extend.ts";
import { type Condition, timestamp, withStatus } from "../meta.ts";
import type { DeleteOptions } from "../objects.ts";
import type { Pod } from "./pod.ts";
import { isFinished } from "./pod-phase.ts";

/** A condition of the pod, or undefined when the pod does not have it. */
export function podCondition(pod: Pod, type: string): Condition | undefined {
  return pod.status.conditions?.find((condition) => condition.type === type);
}

/** Why a pod is being taken away, as condition `DisruptionTarget` says it. */
export const DisruptionReason = {
  taint: "DeletionByTaintManager",
  eviction: "EvictionByEvictionAPI",
  podGc: "DeletionByPodGC",
  preemption: "PreemptionByScheduler",
} as const;

/** The pod with a condition set; the same pod when it says so already. */
export function withPodCondition(pod: Pod, condition: Condition): Pod {
  const before = podCondition(pod, condition.type);
  if (before?.status === condition.status && before.reason === condition.reason) return pod;
  const conditions = pod.status.conditions ?? [];
  const changed =
    before === undefined
      ? [...conditions, condition]
      : conditions.map((other) => (other === before ? condition : other));
  return withStatus(pod, extend(pod.status, { conditions: changed }));
}

/** What a deletion makes of a pod that it ends for a reason of the cluster's: the pod says why. */
export function withDisruption(pod: Pod, now: number, { disruption }: DeleteOptions): Pod {
  if (disruption === undefined || pod.metadata.deletionTimestamp !== undefined || isFinished(pod)) return pod;
  return withPodCondition(pod, disruptionTarget(disruption.reason, disruption.message, timestamp(now)));
}

/** Condition `DisruptionTarget`: the pod is about to be ended by the cluster, not by its own doing. */
export function disruptionTarget(reason: string, message: string, time: string): Condition {
  return {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: time,
    reason,
    message,
  };
}
