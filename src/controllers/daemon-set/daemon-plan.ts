import { scaledValue } from "../../api/int-or-percent.ts";
import type { DaemonSet, DaemonSetStatus } from "../../api/kinds/daemon-set.ts";
import type { Node } from "../../api/kinds/node.ts";
import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { availableAtMs, isReady } from "../workloads/pod-readiness.ts";
import { REVISION_LABEL } from "../workloads/revision-history.ts";
import { fitOf, targetOf } from "./node-fit.ts";
import { Surge, surgeOf } from "./surge.ts";

/** What a look at a DaemonSet finds out. */
export interface DaemonPlan {
  /** Nodes that lack a pod. */
  readonly create: readonly string[];
  readonly delete: readonly Pod[];
  /** Pods among those to be deleted that have ended, and will be made anew. */
  readonly ended: readonly Pod[];
  readonly status: DaemonSetStatus;
}

/** What there is and should be on each node; updates come last, as many as may be unavailable or may surge. */
export function planDaemons(
  set: DaemonSet,
  nodes: Iterable<Node>,
  pods: readonly Pod[],
  hash: string,
  now: number,
): DaemonPlan {
  const byNode = groupByTarget(pods);
  const plan = { create: [] as string[], delete: [] as Pod[], ended: [] as Pod[] };
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
  const outdated: Pod[] = [];
  const isUpdated = (pod: Pod) => pod.metadata.labels?.[REVISION_LABEL] === hash;
  const isAvailable = (pod: Pod) => {
    const atMs = availableAtMs(pod, set.spec.minReadySeconds ?? 0);
    return atMs !== undefined && atMs <= now && pod.metadata.deletionTimestamp === undefined;
  };
  const surge = surgeOf(set, 1) > 0 ? new Surge(isUpdated, isAvailable) : undefined;
  for (const node of nodes) {
    const there = byNode.get(node.metadata.name) ?? [];
    byNode.delete(node.metadata.name);
    const { make, keep } = fitOf(set.spec.template.spec, node);
    const live = there.filter((pod) => pod.metadata.deletionTimestamp === undefined);
    const ended = live.filter(isFinished);
    const running = live.filter((pod) => !isFinished(pod)).sort(isOlder);
    if (keep) {
      plan.delete.push(...ended, ...(surge?.lookAt(node.metadata.name, running) ?? running.slice(1)));
      plan.ended.push(...ended);
    } else plan.delete.push(...live);
    // One that is still ending keeps its place: the next one comes when it is gone.
    if (make && there.length === 0) plan.create.push(node.metadata.name);
    const [pod] = running;
    if (!make && pod !== undefined) counts.misscheduled++;
    if (!make) continue;
    counts.desired++;
    if (pod === undefined) continue;
    counts.current++;
    if (isReady(pod)) counts.ready++;
    if (isAvailable(pod)) counts.available++;
    if (isUpdated(pod)) counts.updated++;
    else outdated.push(pod);
  }
  if (surge !== undefined) plan.create.push(...surge.next(surgeOf(set, counts.desired)));
  else plan.delete.push(...doomed(set, outdated, counts.desired, counts.available, isAvailable));
  return { ...plan, status: statusOf(set, counts) };
}

/** Outdated pods to replace now: those that do not serve anyway, and of the others what may be missing. */
function doomed(
  { spec }: DaemonSet,
  outdated: readonly Pod[],
  desired: number,
  available: number,
  isAvailable: (pod: Pod) => boolean,
): readonly Pod[] {
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type !== "RollingUpdate") return [];
  const idle = outdated.filter((pod) => !isAvailable(pod));
  const most = Math.max(1, scaledValue(rollingUpdate?.maxUnavailable ?? 1, desired, "up"));
  const left = Math.max(0, most - (desired - available));
  return [...idle, ...outdated.filter(isAvailable).slice(0, left)];
}

function groupByTarget(pods: readonly Pod[]): Map<string, Pod[]> {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const name = targetOf(pod) ?? "";
    const there = byNode.get(name);
    if (there === undefined) byNode.set(name, [pod]);
    else there.push(pod);
  }
  return byNode;
}

function isOlder({ metadata: a }: Pod, { metadata: b }: Pod): number {
  return a.uid < b.uid ? -1 : 1;
}

function statusOf(
  { metadata }: DaemonSet,
  counts: Readonly<
    Record<"desired" | "current" | "misscheduled" | "ready" | "updated" | "available", number>
  >,
): DaemonSetStatus {
  const unavailable = counts.desired - counts.available;
  return {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    observedGeneration: metadata.generation ?? 0,
    ...(counts.updated > 0 && { updatedNumberScheduled: counts.updated }),
    ...(counts.available > 0 && { numberAvailable: counts.available }),
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
  };
}
