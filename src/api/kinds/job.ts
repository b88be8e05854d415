import { formatAge } from "../../lib/duration.ts";
import type { Kind } from "../kind.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { jobWithUid, setJobDefaults } from "./job-defaults.ts";
import type { PodFailurePolicy, SuccessPolicy } from "./job-policies.ts";
import { validateJobStatus } from "./job-status-validation.ts";
import { validateJob } from "./job-validation.ts";
import type { PodTemplate } from "./pod-template.ts";
import { workloadWarnings } from "./pod-warnings.ts";
import { CONTAINERS, IMAGES, SELECTOR } from "./workload-columns.ts";

/** batch/v1 Job: runs pods until so many of them have succeeded. */
export interface Job extends KubeObject {
  readonly spec: JobSpec;
  readonly status: JobStatus;
}

export interface JobSpec {
  readonly parallelism: number;
  /** Absent: any one success is enough, and the pods end by themselves. */
  readonly completions?: number;
  readonly activeDeadlineSeconds?: number;
  readonly backoffLimit: number;
  /** Of an indexed Job: how often each index may fail; then that index alone has failed. */
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly podFailurePolicy?: PodFailurePolicy;
  readonly successPolicy?: SuccessPolicy;
  /** Who looks after it, when that is not the cluster's own controller. */
  readonly managedBy?: string;
  /** Set by the server unless `manualSelector`. */
  readonly selector?: LabelSelector;
  readonly manualSelector?: boolean;
  readonly template: PodTemplate;
  readonly ttlSecondsAfterFinished?: number;
  readonly completionMode: "NonIndexed" | "Indexed";
  readonly suspend: boolean;
  readonly podReplacementPolicy: "TerminatingOrFailed" | "Failed";
}

export interface JobStatus {
  readonly conditions?: readonly Condition[];
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly active?: number;
  readonly ready?: number;
  readonly terminating?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  /** Indexes that have succeeded, as in `1,3-5`. */
  readonly completedIndexes?: string;
  /** Indexes that have failed for good, written likewise. */
  readonly failedIndexes?: string;
  /** Pods that have ended, by uid, and are not yet in the counts above. */
  readonly uncountedTerminatedPods?: {
    readonly succeeded?: readonly string[];
    readonly failed?: readonly string[];
  };
}

/** Keeps a pod until its Job has counted it. */
export const JOB_TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";
/** The controller that is meant when `managedBy` is not given. */
export const JOB_CONTROLLER = "kubernetes.io/job-controller";
/** Label and annotation of a pod of an indexed Job. */
export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";

export const jobs: Kind<Job> = {
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  singular: "job",
  shortNames: [],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.batch.v1.Job",
  statusSubresource: true,
  validateStatus: validateJobStatus,
  columns: [
    NAME,
    textColumn("Status", "Complete, Failed, Suspended, Running, ...", jobStatusText),
    textColumn("Completions", "Successes, of all that are asked for.", completionsText),
    textColumn("Duration", "How long it ran, or has been running.", durationText),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  selectableFields: { "status.successful": ({ status }) => String(status.succeeded ?? 0) },
  setDefaults: setJobDefaults,
  prepareForCreate: (job) => ({ ...job, status: {} }),
  withUid: jobWithUid,
  validate: validateJob,
  warnings: workloadWarnings,
  defaultPropagation: "Orphan",
};

/** The condition of a type that is True, if there is one. */
export function trueCondition({ status }: Job, type: string): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === type && condition.status === "True");
}

/** Whether the Job is over, and how; undefined while it is not. */
export function finishOf(job: Job): Condition | undefined {
  return trueCondition(job, "Complete") ?? trueCondition(job, "Failed");
}

function jobStatusText(job: Job): string {
  const finish = finishOf(job);
  if (finish !== undefined) return finish.type;
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (trueCondition(job, "Suspended") !== undefined) return "Suspended";
  return trueCondition(job, "FailureTarget") === undefined ? "Running" : "FailureTarget";
}

function completionsText({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  return spec.parallelism > 1 ? `${succeeded}/1 of ${spec.parallelism}` : `${succeeded}/1`;
}

function durationText({ status }: Job, now: number): string {
  if (!status.startTime) return "";
  const endMs = status.completionTime ? Date.parse(status.completionTime) : now;
  return formatAge(endMs - Date.parse(status.startTime));
}
