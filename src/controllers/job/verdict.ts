import { type Job, trueCondition } from "../../api/kinds/job.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { type Condition, timestamp } from "../../api/meta.ts";
import { type Accounts, failuresOf, successesOf } from "./accounts.ts";
import { matchFailurePolicy } from "./failure-policy.ts";
import { parseIndexes } from "./indexes.ts";

/** That a Job is over, and why. */
export interface Verdict {
  readonly type: "Complete" | "Failed";
  readonly reason: string;
  readonly message: string;
}

const REACHED: Verdict = {
  type: "Complete",
  reason: "CompletionsReached",
  message: "Reached expected number of succeeded pods",
};
const BACKOFF: Verdict = {
  type: "Failed",
  reason: "BackoffLimitExceeded",
  message: "Job has reached the specified backoff limit",
};
const DEADLINE: Verdict = {
  type: "Failed",
  reason: "DeadlineExceeded",
  message: "Job was active longer than specified deadline",
};

const TOO_MANY_INDEXES: Verdict = {
  type: "Failed",
  reason: "MaxFailedIndexesExceeded",
  message: "Job has exceeded the specified maximal number of failed indexes",
};
const FAILED_INDEXES: Verdict = {
  type: "Failed",
  reason: "FailedIndexes",
  message: "Job has failed indexes",
};

/** The condition that announces each verdict while pods are still ending. */
const INTERIM = { Complete: "SuccessCriteriaMet", Failed: "FailureTarget" } as const;

/** Whether the Job is over, as announced by an earlier look or as its pods say now. */
export function verdictOf(job: Job, accounts: Accounts, now: number): Verdict | undefined {
  for (const [type, interim] of Object.entries(INTERIM)) {
    const announced = trueCondition(job, interim);
    if (announced === undefined) continue;
    const { reason = "", message = "" } = announced;
    return { type: type as Verdict["type"], reason, message };
  }
  const ruled = ruledOut(job, accounts);
  if (ruled !== undefined) return ruled;
  if (isBeyondBackoff(job, accounts)) return BACKOFF;
  const deadlineAtMs = deadlineMs(job);
  if (deadlineAtMs !== undefined && deadlineAtMs <= now) return DEADLINE;
  return byIndexes(job, accounts) ?? (isReached(job, accounts) ? REACHED : undefined);
}

/** A failed pod for which the Job's policy says that all is lost. */
function ruledOut(job: Job, { heldFailures }: Accounts): Verdict | undefined {
  for (const pod of heldFailures) {
    const match = matchFailurePolicy(job, pod);
    if (match?.action === "FailJob") {
      return { type: "Failed", reason: "PodFailurePolicy", message: match.message };
    }
  }
  return undefined;
}

/** What the failed indexes, and those that have succeeded, make of an indexed Job before all are done. */
function byIndexes({ spec }: Job, { indexes, completedIndexes }: Accounts): Verdict | undefined {
  const { maxFailedIndexes = Number.POSITIVE_INFINITY, completions = 0, successPolicy } = spec;
  const { failed } = indexes;
  if (failed.size > maxFailedIndexes) return TOO_MANY_INDEXES;
  if (failed.size > 0 && failed.size + completedIndexes.size >= completions) return FAILED_INDEXES;
  if (successPolicy === undefined || completedIndexes.size === 0) return undefined;
  const rule = successPolicy.rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return completedIndexes.size >= (succeededCount ?? 0);
    const wanted = parseIndexes(succeededIndexes, completions);
    const done = [...wanted].filter((index) => completedIndexes.has(index)).length;
    return done >= Math.min(wanted.size, succeededCount ?? wanted.size);
  });
  if (rule < 0) return undefined;
  return { type: "Complete", reason: "SuccessPolicy", message: `Matched rules at index ${rule}` };
}

/** When the Job has been active for too long, in ms since the epoch; undefined: never. */
export function deadlineMs({ spec, status }: Job): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend || !status.startTime) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1_000;
}

/** Conditions with the verdict announced and, when nothing is left to wait for, final. */
export function withVerdict(
  conditions: readonly Condition[],
  verdict: Verdict,
  isFinal: boolean,
  now: number,
): readonly Condition[] {
  const announced = withCondition(conditions, jobCondition(INTERIM[verdict.type], "True", verdict, now));
  return isFinal ? withCondition(announced, jobCondition(verdict.type, "True", verdict, now)) : announced;
}

/** A condition of a Job that begins now. */
export function jobCondition(
  type: string,
  status: Condition["status"],
  { reason, message }: Pick<Verdict, "reason" | "message">,
  now: number,
): Condition {
  const time = timestamp(now);
  return { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
}

/** Conditions with one set; the very same when it is so already. */
export function withCondition(conditions: readonly Condition[], next: Condition): readonly Condition[] {
  const before = conditions.find(({ type }) => type === next.type);
  if (before?.status === next.status && before.reason === next.reason) return conditions;
  return [...conditions.filter((condition) => condition !== before), next];
}

function isReached({ spec }: Job, accounts: Accounts): boolean {
  const successes = successesOf(accounts);
  if (spec.completions !== undefined) return successes >= spec.completions;
  return successes > 0 && accounts.active.length === 0;
}

function isBeyondBackoff({ spec }: Job, accounts: Accounts): boolean {
  if (failuresOf(accounts) > spec.backoffLimit) return true;
  if (spec.template.spec.restartPolicy !== "OnFailure") return false;
  const restarts = accounts.active.reduce((sum, pod) => sum + restartsOf(pod), 0);
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= spec.backoffLimit;
}

function restartsOf({ status }: Pod): number {
  return (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}
