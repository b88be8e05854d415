import type { Pod } from "../../api/kinds/pod.ts";
import { podCondition } from "../../api/kinds/pod-condition.ts";

/** So long after its start a pod's cpu does not count while it is not ready or was not for a whole window. */
const CPU_INITIALIZATION_MS = 300_000;
/** A pod that has not been ready since this long after its start is taken as still starting. */
const INITIAL_READINESS_MS = 30_000;

/** What was measured of one pod, in milli units of its resource. */
export interface Measured {
  readonly value: number;
  /** End and length of the measurement, in ms (since the epoch). */
  readonly atMs: number;
  readonly windowMs: number;
}

/** Pods by what their measurement is worth. */
export interface PodGroups {
  readonly ready: readonly Pod[];
  readonly unready: readonly Pod[];
  readonly missing: readonly Pod[];
}

/** Sorts pods as podautoscaler/replica_calculator.go does; those that are being deleted or have failed do not count. */
export function groupPods(
  pods: readonly Pod[],
  measured: ReadonlyMap<string, Measured>,
  resource: string,
  now: number,
): PodGroups {
  const groups = { ready: [] as Pod[], unready: [] as Pod[], missing: [] as Pod[] };
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined || pod.status.phase === "Failed") continue;
    const metric = measured.get(pod.metadata.name);
    if (pod.status.phase === "Pending") groups.unready.push(pod);
    else if (metric === undefined) groups.missing.push(pod);
    else if (resource === "cpu" && isStarting(pod, metric, now)) groups.unready.push(pod);
    else groups.ready.push(pod);
  }
  return groups;
}

function isStarting(pod: Pod, metric: Measured, now: number): boolean {
  const ready = podCondition(pod, "Ready");
  if (ready === undefined || pod.status.startTime === undefined) return true;
  const startedMs = Date.parse(pod.status.startTime);
  const changedMs = Date.parse(ready.lastTransitionTime ?? "") || 0;
  if (startedMs + CPU_INITIALIZATION_MS > now) {
    return ready.status === "False" || metric.atMs < changedMs + metric.windowMs;
  }
  return ready.status === "False" && startedMs + INITIAL_READINESS_MS > changedMs;
}
