import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import type { StatefulSet } from "../../api/kinds/stateful-set.ts";
import { availableAtMs } from "../workloads/pod-readiness.ts";
import { REVISION_LABEL } from "../workloads/revision-history.ts";

/** What to do now; the rest follows when that is done. */
export interface Step {
  readonly create: readonly { readonly ordinal: number; readonly revision: string }[];
  readonly delete: readonly Pod[];
}

/** Names of the revisions that pods are of: the one that was there, and the one that is to be. */
export interface Revisions {
  readonly current: string;
  readonly update: string;
}

/** The number in a pod's name, or undefined when it is not one of the set's names. */
export function ordinalOf({ metadata }: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${metadata.name}-`;
  const text = pod.metadata.name.slice(prefix.length);
  return pod.metadata.name.startsWith(prefix) && /^(0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
}

/** Running, ready, and that for long enough; one that is being deleted is not. */
export function isHealthy(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (pod.metadata.deletionTimestamp !== undefined || pod.status.phase !== "Running") return false;
  const atMs = availableAtMs(pod, minReadySeconds);
  return atMs !== undefined && atMs <= now;
}

/** The next step of a StatefulSet: first what is missing, then what is too much, then updates. */
export function nextStep(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, now: number): Step {
  const { spec } = set;
  const { minReadySeconds = 0, ordinals } = spec;
  const start = ordinals?.start ?? 0;
  const end = start + spec.replicas;
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]));
  const isOrdered = spec.podManagementPolicy === "OrderedReady";
  const step = { create: [] as { ordinal: number; revision: string }[], delete: [] as Pod[] };
  for (let ordinal = start; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined)
      step.create.push({ ordinal, revision: revisionFor(set, ordinal - start, revisions) });
    else if (isFinished(pod) && !isLeaving(pod)) step.delete.push(pod);
    else if (isOrdered && !isHealthy(pod, minReadySeconds, now)) return step;
    if (isOrdered && (step.create.length > 0 || step.delete.length > 0)) return step;
  }
  const condemned = pods.filter((pod) => isCondemned(ordinalOf(set, pod), start, end));
  condemned.sort((a, b) => (ordinalOf(set, b) as number) - (ordinalOf(set, a) as number));
  for (const pod of condemned) {
    if (!isLeaving(pod)) step.delete.push(pod);
    if (isOrdered) return step;
  }
  if (step.create.length > 0 || step.delete.length > 0) return step;
  const outdated = nextOutdated(set, byOrdinal, revisions, now);
  return outdated === undefined ? step : { ...step, delete: [outdated] };
}

function isCondemned(ordinal: number | undefined, start: number, end: number): boolean {
  return ordinal !== undefined && (ordinal < start || ordinal >= end);
}

function isLeaving({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Pods below the partition stay of the revision that was there. */
function revisionFor({ spec }: StatefulSet, index: number, { current, update }: Revisions): string {
  const { type, rollingUpdate } = spec.updateStrategy;
  return type === "RollingUpdate" && index < (rollingUpdate?.partition ?? 0) ? current : update;
}

/** From the last to the partition, one at a time, each after the one behind it is healthy again. */
function nextOutdated(
  { spec }: StatefulSet,
  byOrdinal: ReadonlyMap<number | undefined, Pod>,
  { update }: Revisions,
  now: number,
): Pod | undefined {
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type !== "RollingUpdate") return undefined;
  const start = spec.ordinals?.start ?? 0;
  for (let index = spec.replicas - 1; index >= (rollingUpdate?.partition ?? 0); index--) {
    const pod = byOrdinal.get(start + index);
    if (pod === undefined) return undefined;
    if (pod.metadata.labels?.[REVISION_LABEL] !== update && !isLeaving(pod)) return pod;
    if (!isHealthy(pod, spec.minReadySeconds ?? 0, now)) return undefined;
  }
  return undefined;
}
