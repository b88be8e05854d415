import type { Job } from "../../api/kinds/job.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { countsAsFailed, matchFailurePolicy } from "./failure-policy.ts";
import { indexOf, parseIndexes } from "./indexes.ts";

/** How often the index of a pod had failed before: those failures that count, and those that do not. */
const FAILURES = "batch.kubernetes.io/job-index-failure-count";
const IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";

/** Where a Job with a limit for each index stands. */
export interface IndexFailures {
  /** Indexes that have failed for good. */
  readonly failed: ReadonlySet<number>;
  /** Of each index that is to be tried again, the pod that failed last: it stays until there is the next one. */
  readonly last: ReadonlyMap<number, Pod>;
}

/** @param held failed pods that still wait to be counted for good; @param taken indexes done or being worked on */
export function indexFailuresOf(job: Job, held: readonly Pod[], taken: ReadonlySet<number>): IndexFailures {
  const { backoffLimitPerIndex: limit, completions = 0 } = job.spec;
  const failed = parseIndexes(job.status.failedIndexes, completions);
  const last = new Map<number, Pod>();
  if (limit === undefined) return { failed, last };
  for (const pod of held) {
    const index = indexOf(pod);
    if (index === undefined || index >= completions) continue;
    const isOver = matchFailurePolicy(job, pod)?.action === "FailIndex";
    if (isOver || (countsAsFailed(job, pod) && failuresOf(pod, FAILURES) >= limit)) failed.add(index);
    else if (!taken.has(index) && allFailures(pod) >= allFailures(last.get(index))) last.set(index, pod);
  }
  for (const index of failed) last.delete(index);
  return { failed, last };
}

/** What the pod that comes after a failed one says of the failures before it. */
export function failureAnnotations(job: Job, before: Pod | undefined): Readonly<Record<string, string>> {
  if (job.spec.backoffLimitPerIndex === undefined) return {};
  const counts = before !== undefined && countsAsFailed(job, before);
  const isIgnored = before !== undefined && !counts;
  const failures = failuresOf(before, FAILURES) + (counts ? 1 : 0);
  const ignored = failuresOf(before, IGNORED_FAILURES) + (isIgnored ? 1 : 0);
  return { [FAILURES]: String(failures), ...(ignored > 0 && { [IGNORED_FAILURES]: String(ignored) }) };
}

/** How often an index has failed when this pod of it has, whether that counts or not. */
export function attemptsUpTo(pod: Pod): number {
  return allFailures(pod) + 1;
}

function allFailures(pod: Pod | undefined): number {
  return failuresOf(pod, FAILURES) + failuresOf(pod, IGNORED_FAILURES);
}

function failuresOf(pod: Pod | undefined, annotation: string): number {
  return Number(pod?.metadata.annotations?.[annotation] ?? 0) || 0;
}
