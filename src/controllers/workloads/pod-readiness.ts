import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { podCondition } from "../../api/kinds/pod-condition.ts";

/** A pod that counts: it has neither ended nor is it being deleted. */
export function isActive(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isFinished(pod);
}

/** Whether its Ready condition is True. */
export function isReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

/** Since when it is ready, in ms since the epoch; undefined when it is not. */
export function readySinceMs(pod: Pod): number | undefined {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return undefined;
  return Date.parse(ready.lastTransitionTime ?? "") || 0;
}

/** When the pod has been ready long enough to count as available, in ms since the epoch; undefined: not ready. */
export function availableAtMs(pod: Pod, minReadySeconds: number): number | undefined {
  const sinceMs = readySinceMs(pod);
  return sinceMs === undefined ? undefined : sinceMs + minReadySeconds * 1_000;
}
