import { JOB_TRACKING_FINALIZER, type Job } from "../../api/kinds/job.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { isActive, isReady } from "../workloads/pod-readiness.ts";
import { countsAsFailed } from "./failure-policy.ts";
import { type IndexFailures, indexFailuresOf } from "./index-failures.ts";
import { formatIndexes, indexOf, parseIndexes } from "./indexes.ts";

/**
 * The pods of a Job, counted. A pod that has ended is first named as uncounted, then let go of its finalizer, and
 * only then added to the counts: whatever is interrupted, each is counted once.
 */
export interface Accounts {
  /** Counts for good. */
  readonly succeeded: number;
  readonly failed: number;
  /** Ended, by uid, still to be counted for good. */
  readonly uncountedSucceeded: readonly string[];
  readonly uncountedFailed: readonly string[];
  /** Ended pods that the finalizer still holds. */
  readonly held: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  /** Being deleted, not ended. */
  readonly terminating: number;
  /** Of an indexed Job. */
  readonly completedIndexes: ReadonlySet<number>;
  /** Pods that failed and that no earlier look knew of. */
  readonly newFailures: readonly Pod[];
  /** Pods that failed and are still held, whether that counts or not. */
  readonly heldFailures: readonly Pod[];
  /** Of a Job with a limit for each index. */
  readonly indexes: IndexFailures;
}

/** Counts the pods of a Job from what its status says already. */
export function accountsOf(job: Job, pods: Iterable<Pod>): Accounts {
  const { spec, status } = job;
  const isIndexed = spec.completionMode === "Indexed";
  const byUid = new Map([...pods].map((pod) => [pod.metadata.uid, pod]));
  const isHeldUid = (uid: string) => {
    const pod = byUid.get(uid);
    return pod !== undefined && isHeld(pod);
  };
  const { succeeded: before = [], failed: failedBefore = [] } = status.uncountedTerminatedPods ?? {};
  const uncountedSucceeded = before.filter(isHeldUid);
  const uncountedFailed = failedBefore.filter(isHeldUid);
  const known = new Set([...before, ...failedBefore]);
  const completedIndexes = parseIndexes(status.completedIndexes, spec.completions ?? 0);
  const held: Pod[] = [];
  const heldFailures: Pod[] = [];
  const newFailures: Pod[] = [];
  for (const pod of byUid.values()) {
    if (!isHeld(pod)) continue;
    const { uid } = pod.metadata;
    const ending = endingOf(pod, job);
    if (ending === undefined) continue;
    held.push(pod);
    if (ending === "Failed") heldFailures.push(pod);
    if (known.has(uid)) continue;
    if (ending === "Failed") {
      if (countsAsFailed(job, pod)) uncountedFailed.push(uid);
      newFailures.push(pod);
    } else if (!isIndexed || addIndex(completedIndexes, indexOf(pod), spec.completions)) {
      uncountedSucceeded.push(uid);
    }
  }
  const countedSucceeded = (status.succeeded ?? 0) + before.length - before.filter(isHeldUid).length;
  const all = [...byUid.values()];
  const active = all.filter(isActive);
  const taken = new Set([...completedIndexes, ...active.map((pod) => indexOf(pod) ?? -1)]);
  return {
    succeeded: isIndexed ? completedIndexes.size : countedSucceeded,
    failed: (status.failed ?? 0) + failedBefore.length - failedBefore.filter(isHeldUid).length,
    uncountedSucceeded: isIndexed ? [] : uncountedSucceeded,
    uncountedFailed,
    held,
    active,
    ready: active.filter(isReady).length,
    terminating: all.filter((pod) => isLeaving(pod)).length,
    completedIndexes,
    newFailures,
    heldFailures,
    indexes: indexFailuresOf(job, heldFailures, taken),
  };
}

/** Successes, those that are not counted for good included. */
export function successesOf({ succeeded, uncountedSucceeded }: Accounts): number {
  return succeeded + uncountedSucceeded.length;
}

/** Failures, those that are not counted for good included. */
export function failuresOf({ failed, uncountedFailed }: Accounts): number {
  return failed + uncountedFailed.length;
}

/** The part of the status that says all this. */
export function countedStatus(job: Job, accounts: Accounts): Partial<Job["status"]> {
  const { active, ready, terminating, succeeded, failed } = accounts;
  const counts = { active: active.length, ready, terminating, succeeded, failed };
  const indexes = formatIndexes(accounts.completedIndexes);
  const { uncountedSucceeded, uncountedFailed } = accounts;
  return {
    ...Object.fromEntries(
      Object.entries(counts).filter(
        ([name, count]) => count > 0 || name === "ready" || name === "terminating",
      ),
    ),
    ...(job.spec.completionMode === "Indexed" && indexes !== "" && { completedIndexes: indexes }),
    ...(job.spec.backoffLimitPerIndex !== undefined && {
      failedIndexes: formatIndexes(accounts.indexes.failed),
    }),
    uncountedTerminatedPods: {
      ...(uncountedSucceeded.length > 0 && { succeeded: uncountedSucceeded }),
      ...(uncountedFailed.length > 0 && { failed: uncountedFailed }),
    },
  };
}

function isHeld({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(JOB_TRACKING_FINALIZER) === true;
}

function isLeaving(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined && !hasEnded(pod);
}

function hasEnded({ status }: Pod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}

/** A pod that is being deleted will not succeed any more; the Job says whether that counts now or when it ends. */
function endingOf(pod: Pod, { spec }: Job): "Succeeded" | "Failed" | undefined {
  if (pod.status.phase === "Succeeded") return "Succeeded";
  if (pod.status.phase === "Failed") return "Failed";
  const isGoing = pod.metadata.deletionTimestamp !== undefined;
  return isGoing && spec.podReplacementPolicy === "TerminatingOrFailed" ? "Failed" : undefined;
}

/** @returns false when the index was done already, or is none of this Job's */
function addIndex(indexes: Set<number>, index: number | undefined, completions = 0): boolean {
  if (index === undefined || index >= completions || indexes.has(index)) return false;
  indexes.add(index);
  return true;
}
