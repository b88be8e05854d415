import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import { finishOf, JOB_CONTROLLER, type Job, jobs, trueCondition } from "../../api/kinds/job.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { type Condition, keyOf, timestamp } from "../../api/meta.ts";
import type { ControllerContext } from "../controller.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { claimObjects } from "../workloads/claim.ts";
import { OwnerQueue } from "../workloads/owner-queue.ts";
import { isNamespaceEnding, PodControl } from "../workloads/pod-control.ts";
import { isActive } from "../workloads/pod-readiness.ts";
import { type Accounts, accountsOf, countedStatus, failuresOf, successesOf } from "./accounts.ts";
import { attemptsUpTo } from "./index-failures.ts";
import { indexOf, missingIndexes } from "./indexes.ts";
import { jobPodShape } from "./job-pod.ts";
import { releasePod } from "./release.ts";
import { StrayPods } from "./stray-pods.ts";
import { deadlineMs, jobCondition, type Verdict, verdictOf, withCondition, withVerdict } from "./verdict.ts";

/** Pods that one look creates or deletes at most. */
const BURST = 500;
/** A pod that failed is replaced after this, the next one after twice as long, up to the longest. */
const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 600_000;

const SUSPENDED = { reason: "JobSuspended", message: "Job suspended" };
const RESUMED = { reason: "JobResumed", message: "Job resumed" };

/** The loop of the job controller. */
export class JobLoop {
  readonly #context: ControllerContext;
  readonly #queue: OwnerQueue<Job>;
  readonly #control: PodControl<Job>;
  readonly #recorder: BurstRecorder;
  readonly #strays: StrayPods;
  /** By uid of the Job: failures since the last success, and when the last one was seen. */
  readonly #backoffs = new Map<string, { readonly failures: number; readonly lastMs: number }>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new OwnerQueue(context, {
      kind: jobs,
      sync: (job) => this.#sync(job),
      selectorOf: ({ spec }) => spec.selector,
      forget: (uid) => this.#backoffs.delete(uid),
    });
    this.#recorder = new BurstRecorder(context, "job-controller");
    this.#control = new PodControl(context, jobs, this.#queue, this.#recorder);
    this.#strays = new StrayPods(context);
  }

  async start(): Promise<void> {
    this.#queue.followChildren(this.#context.view.pods);
    await this.#queue.start();
    this.#strays.start(await this.#context.view.follow(jobs));
  }

  stop(): void {
    this.#strays.stop();
    this.#queue.stop();
  }

  async #sync({ metadata }: Job): Promise<void> {
    const { objects, view, clock } = this.#context;
    // Read anew: what was counted last must be known before anything is counted again.
    const job = await objects.get(jobs, keyOf({ metadata } as Job));
    if (job.metadata.uid !== metadata.uid || job.spec.selector === undefined) return;
    const finish = finishOf(job);
    if (finish !== undefined) {
      await this.#expire(job, finish);
      return;
    }
    if ((job.spec.managedBy ?? JOB_CONTROLLER) !== JOB_CONTROLLER) return;
    const claim = { objects, ownerKind: jobs, kind: pods, owned: view.ownedPods, queue: this.#queue };
    if (await claimObjects(claim, job, job.spec.selector, isActive)) return;
    const accounts = accountsOf(job, view.ownedPods.of(metadata.uid).values());
    this.#noteBackoff(job, accounts);
    const verdict = verdictOf(job, accounts, clock.now());
    const error =
      job.metadata.deletionTimestamp === undefined && (await this.#manage(job, accounts, verdict));
    await this.#writeStatus(job, accounts, verdict);
    const { last } = accounts.indexes;
    const isAwaited = (pod: Pod) => verdict === undefined && last.get(indexOf(pod) ?? -1) === pod;
    const counted = accounts.held.filter((pod) => !isAwaited(pod));
    await Promise.all(counted.map((pod) => releasePod(objects, pod)));
    if (error && !isNamespaceEnding(error)) throw error;
  }

  /** Creates and deletes pods. @returns the first failure */
  async #manage(job: Job, accounts: Accounts, verdict: Verdict | undefined): Promise<unknown> {
    const { active } = accounts;
    if (verdict !== undefined) return this.#control.deleteMany(job, active);
    if (job.spec.suspend) return this.#dismiss(job, active);
    const wanted = wantedActive(job, accounts);
    if (active.length > wanted) {
      return this.#dismiss(job, inDismissalOrder(active).slice(0, active.length - wanted));
    }
    const waitMs = job.spec.backoffLimitPerIndex === undefined ? this.#backoffLeftMs(job) : 0;
    if (active.length === wanted) return undefined;
    if (waitMs > 0) {
      this.#queue.requestAfter(job.metadata.uid, waitMs);
      return undefined;
    }
    const isPatient = job.spec.podReplacementPolicy === "Failed";
    const missing = wanted - active.length - (isPatient ? accounts.terminating : 0);
    return this.#create(job, accounts, Math.min(missing, BURST));
  }

  async #create(job: Job, accounts: Accounts, count: number): Promise<unknown> {
    let indexes: readonly (number | undefined)[] = Array.from(
      { length: Math.max(0, count) },
      () => undefined,
    );
    const { failed, last } = accounts.indexes;
    if (job.spec.completionMode === "Indexed") {
      const taken = new Set([...accounts.completedIndexes, ...failed]);
      for (const pod of accounts.active) taken.add(indexOf(pod) ?? -1);
      indexes = missingIndexes(job.spec.completions ?? 0, taken, count);
    }
    if (last.size > 0) indexes = indexes.filter((index) => !this.#isPausing(job, last.get(index ?? -1)));
    const shapeOf = (at: number) => jobPodShape(job, indexes[at], last.get(indexes[at] ?? -1));
    return (await this.#control.createMany(job, job.spec.template, indexes.length, shapeOf)).error;
  }

  /** Whether it is too early for another try of the index of a failed pod; if so, it is looked at again in time. */
  #isPausing({ metadata }: Job, pod: Pod | undefined): boolean {
    if (pod === undefined) return false;
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** (attemptsUpTo(pod) - 1), LONGEST_BACKOFF_MS);
    const leftMs = endMs(pod) + delayMs - this.#context.clock.now();
    if (leftMs > 0) this.#queue.requestAfter(metadata.uid, leftMs);
    return leftMs > 0;
  }

  /** Deletes pods without counting them as failed: they are not at fault. */
  async #dismiss(job: Job, dismissed: readonly Pod[]): Promise<unknown> {
    await Promise.all(dismissed.map((pod) => releasePod(this.#context.objects, pod)));
    return this.#control.deleteMany(job, dismissed);
  }

  async #writeStatus(job: Job, accounts: Accounts, verdict: Verdict | undefined): Promise<void> {
    const { objects, clock } = this.#context;
    const now = clock.now();
    // Pods may have been created or deleted since they were counted; the next look tells.
    const isLeft = accounts.active.length + accounts.terminating + accounts.held.length > 0;
    const isFinal = verdict !== undefined && !isLeft;
    let conditions = job.status.conditions ?? [];
    if (verdict === undefined) conditions = this.#withSuspension(job, conditions, now);
    else conditions = withVerdict(conditions, verdict, isFinal, now);
    const startTime = startTimeOf(job, now);
    const status: Job["status"] = {
      ...(conditions.length > 0 && { conditions }),
      ...(startTime && { startTime }),
      ...(isFinal && verdict.type === "Complete" && { completionTime: timestamp(now) }),
      ...countedStatus(job, accounts),
    };
    const changed = !deepEqual(status, job.status);
    if (changed) await objects.update<Job>(jobs, { ...job, status }, { subresource: "status" });
    if (isFinal) this.#recordFinish(job, verdict);
    const deadlineAtMs = verdict === undefined ? deadlineMs({ ...job, status }) : undefined;
    if (deadlineAtMs !== undefined) this.#queue.requestAfter(job.metadata.uid, deadlineAtMs - now);
  }

  #recordFinish(job: Job, { type, reason, message }: Verdict): void {
    if (type === "Complete") this.#recorder.record(job, "Normal", "Completed", "Job completed");
    else this.#recorder.record(job, "Warning", reason, message);
  }

  #withSuspension(job: Job, conditions: readonly Condition[], now: number): readonly Condition[] {
    const wasSuspended = trueCondition(job, "Suspended") !== undefined;
    if (job.spec.suspend === wasSuspended) return conditions;
    const { reason, message } = job.spec.suspend ? SUSPENDED : RESUMED;
    this.#recorder.record(job, "Normal", job.spec.suspend ? "Suspended" : "Resumed", message);
    const status = job.spec.suspend ? "True" : "False";
    return withCondition(conditions, jobCondition("Suspended", status, { reason, message }, now));
  }

  #noteBackoff({ metadata, status }: Job, accounts: Accounts): void {
    const { uid } = metadata;
    const before = this.#backoffs.get(uid);
    const hasSucceeded = successesOf(accounts) > (status.succeeded ?? 0);
    const failures = (hasSucceeded ? 0 : (before?.failures ?? 0)) + accounts.newFailures.length;
    if (accounts.newFailures.length > 0) {
      this.#backoffs.set(uid, { failures, lastMs: this.#context.clock.monotonicMs() });
    } else if (hasSucceeded || failuresOf(accounts) === 0) {
      this.#backoffs.delete(uid);
    }
  }

  #backoffLeftMs({ metadata }: Job): number {
    const backoff = this.#backoffs.get(metadata.uid);
    if (backoff === undefined) return 0;
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** (backoff.failures - 1), LONGEST_BACKOFF_MS);
    return Math.max(0, backoff.lastMs + delayMs - this.#context.clock.monotonicMs());
  }

  /** A finished Job goes when its time is over (Kubernetes' ttl-after-finished controller). */
  async #expire(job: Job, finish: Condition): Promise<void> {
    const { ttlSecondsAfterFinished: ttl } = job.spec;
    const { uid, deletionTimestamp } = job.metadata;
    if (ttl === undefined || deletionTimestamp !== undefined) return;
    const leftMs = Date.parse(finish.lastTransitionTime ?? "") + ttl * 1_000 - this.#context.clock.now();
    if (leftMs > 0) {
      this.#queue.requestAfter(uid, leftMs);
      return;
    }
    try {
      const options = { propagationPolicy: "Foreground", preconditions: { uid } } as const;
      await this.#context.objects.delete(jobs, keyOf(job), options);
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
}

/** How many pods should run now. */
function wantedActive({ spec }: Job, accounts: Accounts): number {
  const successes = successesOf(accounts);
  if (spec.completions === undefined) return successes > 0 ? accounts.active.length : spec.parallelism;
  const left = spec.completions - successes - accounts.indexes.failed.size;
  return Math.max(0, Math.min(spec.parallelism, left));
}

/** When a pod ended, in ms since the epoch. */
function endMs({ status, metadata }: Pod): number {
  const ends = (status.containerStatuses ?? []).map(({ state }) => state.terminated?.finishedAt ?? "");
  return Date.parse(ends.sort().at(-1) || metadata.creationTimestamp);
}

/** Those that have come least far go first. */
function inDismissalOrder(active: readonly Pod[]): readonly Pod[] {
  const rank = ({ spec, status }: Pod) => (spec.nodeName ? 1 : 0) + (status.phase === "Running" ? 1 : 0);
  return [...active].sort((a, b) => rank(a) - rank(b) || (a.metadata.uid > b.metadata.uid ? -1 : 1));
}

/** Set when it starts, taken away while it is suspended, and set anew when it goes on. */
function startTimeOf(job: Job, now: number): string | undefined {
  if (job.spec.suspend) return undefined;
  const isResumed = trueCondition(job, "Suspended") !== undefined;
  return (isResumed ? undefined : job.status.startTime) ?? timestamp(now);
}
