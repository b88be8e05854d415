import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import { type CronJob, type CronJobStatus, cronJobs, type JobReference } from "../../api/kinds/cron-job.ts";
import { finishOf, type Job, jobs } from "../../api/kinds/job.ts";
import { keyOf, timestamp } from "../../api/meta.ts";
import type { ControllerContext } from "../controller.ts";
import { OwnedObjects } from "../owned-objects.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { OwnerQueue } from "../workloads/owner-queue.ts";
import { isNamespaceEnding, messageOf } from "../workloads/pod-control.ts";
import { jobAt, referenceTo } from "./cron-job-job.ts";
import { dueTimes } from "./missed-times.ts";

/** The loop of the cron-job controller. */
export class CronJobLoop {
  readonly #context: ControllerContext;
  readonly #queue: OwnerQueue<CronJob>;
  readonly #recorder: BurstRecorder;
  #owned: OwnedObjects<Job> | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new BurstRecorder(context, "cronjob-controller");
    this.#queue = new OwnerQueue(context, { kind: cronJobs, sync: (cronJob) => this.#sync(cronJob) });
  }

  async start(): Promise<void> {
    const informer = await this.#context.view.follow(jobs);
    this.#owned = new OwnedObjects(informer);
    this.#queue.followChildren(informer);
    await this.#queue.start();
  }

  stop(): void {
    this.#queue.stop();
  }

  async #sync({ metadata }: CronJob): Promise<void> {
    const { objects, clock } = this.#context;
    // Read anew: a time that was acted upon must not be acted upon again.
    const cronJob = await objects.get(cronJobs, keyOf({ metadata } as CronJob));
    if (cronJob.metadata.uid !== metadata.uid || cronJob.metadata.deletionTimestamp !== undefined) return;
    const made = [...((this.#owned as OwnedObjects<Job>).of(metadata.uid).values() ?? [])];
    let status = this.#noteEnded(cronJob, made);
    await this.#dropHistory(cronJob, made);
    if (!cronJob.spec.suspend) {
      const now = clock.now();
      const { lastMs, isMany, nextMs } = dueTimes(cronJob, now);
      if (isMany) this.#recorder.record(cronJob, "Warning", "TooManyMissedTimes", TOO_MANY);
      if (lastMs !== undefined) status = await this.#run({ ...cronJob, status }, lastMs);
      if (nextMs !== undefined) this.#queue.requestAfter(metadata.uid, nextMs - now);
    }
    if (deepEqual(status, cronJob.status)) return;
    await objects.update<CronJob>(cronJobs, { ...cronJob, status }, { subresource: "status" });
  }

  /** Takes Jobs that have ended or are gone out of the list of active ones. */
  #noteEnded(cronJob: CronJob, made: readonly Job[]): CronJobStatus {
    const byUid = new Map(made.map((job) => [job.metadata.uid, job]));
    let { lastSuccessfulTime } = cronJob.status;
    const active: JobReference[] = [];
    for (const reference of cronJob.status.active ?? []) {
      const job = byUid.get(reference.uid);
      const finish = job && finishOf(job);
      if (job !== undefined && finish === undefined) active.push(reference);
      else this.#recordEnd(cronJob, reference.name, finish?.type);
      const endedAt = job?.status.completionTime;
      if (finish?.type !== "Complete" || endedAt === undefined) continue;
      if (lastSuccessfulTime === undefined || endedAt > lastSuccessfulTime) lastSuccessfulTime = endedAt;
    }
    const { lastScheduleTime } = cronJob.status;
    return {
      ...(active.length > 0 && { active }),
      ...(lastScheduleTime !== undefined && { lastScheduleTime }),
      ...(lastSuccessfulTime !== undefined && { lastSuccessfulTime }),
    };
  }

  #recordEnd(cronJob: CronJob, name: string, type: string | undefined): void {
    if (type === undefined) {
      this.#recorder.record(cronJob, "Normal", "MissingJob", `Active job went missing: ${name}`);
    } else {
      const text = `Saw completed job: ${name}, condition: ${type}`;
      this.#recorder.record(cronJob, "Normal", "SawCompletedJob", text);
    }
  }

  /** Of Jobs that have ended only the last ones are kept. */
  async #dropHistory(cronJob: CronJob, made: readonly Job[]): Promise<void> {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec;
    const ended = (type: string) => made.filter((job) => finishOf(job)?.type === type).sort(isEarlier);
    const kept = (all: readonly Job[], limit: number) => all.slice(0, Math.max(0, all.length - limit));
    const dropped = [
      ...kept(ended("Complete"), successfulJobsHistoryLimit),
      ...kept(ended("Failed"), failedJobsHistoryLimit),
    ];
    for (const job of dropped) await this.#deleteJob(cronJob, job.metadata);
  }

  /** Makes the Job of a time that has come, unless the policy or the deadline forbids it. @returns the new status */
  async #run(cronJob: CronJob, dueMs: number): Promise<CronJobStatus> {
    const { spec, status } = cronJob;
    const { startingDeadlineSeconds: deadline } = spec;
    if (deadline !== undefined && dueMs + deadline * 1_000 < this.#context.clock.now()) {
      const text = `Missed scheduled time to start a job: ${new Date(dueMs).toUTCString()}`;
      this.#recorder.record(cronJob, "Warning", "MissSchedule", text);
      return status;
    }
    let { active = [] } = status;
    if (active.length > 0 && spec.concurrencyPolicy === "Forbid") {
      this.#recorder.record(cronJob, "Normal", "JobAlreadyActive", ALREADY_ACTIVE);
      return status;
    }
    if (spec.concurrencyPolicy === "Replace") {
      for (const reference of active) await this.#deleteJob(cronJob, reference);
      active = [];
    }
    const job = await this.#createJob(cronJob, dueMs);
    if (job !== undefined) active = [...active, referenceTo(job)];
    const { active: _, ...rest } = status;
    return { ...rest, ...(active.length > 0 && { active }), lastScheduleTime: timestamp(dueMs) };
  }

  /** @returns undefined when the Job of that time was made earlier, or cannot be made any more */
  async #createJob(cronJob: CronJob, dueMs: number): Promise<Job | undefined> {
    const { objects } = this.#context;
    const draft = jobAt(cronJob, dueMs);
    try {
      const job = await objects.create<Job>(jobs, draft);
      this.#recorder.record(cronJob, "Normal", "SuccessfulCreate", `Created job ${job.metadata.name}`);
      return job;
    } catch (error) {
      if (isReason(error, "AlreadyExists") || isNamespaceEnding(error)) return undefined;
      this.#recorder.record(cronJob, "Warning", "FailedCreate", `Error creating job: ${messageOf(error)}`);
      throw error;
    }
  }

  async #deleteJob(
    cronJob: CronJob,
    { name, uid }: { readonly name: string; readonly uid: string },
  ): Promise<void> {
    const options = { propagationPolicy: "Background", preconditions: { uid } } as const;
    try {
      await this.#context.objects.delete(jobs, { ...keyOf(cronJob), name }, options);
      this.#recorder.record(cronJob, "Normal", "SuccessfulDelete", `Deleted job ${name}`);
    } catch (error) {
      if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
    }
  }
}

const TOO_MANY =
  "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew";
const ALREADY_ACTIVE = "Not starting job because prior execution is running and concurrency policy is Forbid";

function isEarlier({ status: a, metadata: one }: Job, { status: b, metadata: other }: Job): number {
  if (a.startTime !== b.startTime) return (a.startTime ?? "") < (b.startTime ?? "") ? -1 : 1;
  return one.name < other.name ? -1 : 1;
}
