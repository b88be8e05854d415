import { parseCron } from "../../lib/cron.ts";
import { isTimeZone } from "../../lib/time-zone.ts";
import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject, ObjectMeta } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, ageOf, NAME, NONE, textColumn } from "./columns.ts";
import type { JobSpec } from "./job.ts";
import { setJobSpecDefaults } from "./job-defaults.ts";
import { jobSpecFaults } from "./job-validation.ts";
import { checkNotNegative } from "./pod-template.ts";
import { hostnameWarnings, IN_NAMES, podWarnings } from "./pod-warnings.ts";
import { countColumn } from "./workload-columns.ts";

/** batch/v1 CronJob: makes a Job at the times of a schedule. */
export interface CronJob extends KubeObject {
  readonly spec: CronJobSpec;
  readonly status: CronJobStatus;
}

export interface CronJobSpec {
  readonly schedule: string;
  readonly timeZone?: string;
  readonly startingDeadlineSeconds?: number;
  readonly concurrencyPolicy: "Allow" | "Forbid" | "Replace";
  readonly suspend: boolean;
  readonly jobTemplate: {
    readonly metadata?: Pick<ObjectMeta, "labels" | "annotations">;
    readonly spec: JobSpec;
  };
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
}

export interface CronJobStatus {
  readonly active?: readonly JobReference[];
  readonly lastScheduleTime?: string;
  readonly lastSuccessfulTime?: string;
}

/** v1.ObjectReference to a Job. */
export interface JobReference {
  readonly kind: "Job";
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion?: string;
}

export const cronJobs: Kind<CronJob> = {
  group: "batch",
  version: "v1",
  kind: "CronJob",
  plural: "cronjobs",
  singular: "cronjob",
  shortNames: ["cj"],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.batch.v1.CronJob",
  statusSubresource: true,
  columns: [
    NAME,
    textColumn("Schedule", "When it runs.", ({ spec }: CronJob) => spec.schedule),
    textColumn("Timezone", "Whose clocks count.", ({ spec }: CronJob) => spec.timeZone || NONE),
    textColumn("Suspend", "Whether it is suspended.", ({ spec }: CronJob) =>
      spec.suspend ? "True" : "False",
    ),
    countColumn("Active", "Jobs that run now.", ({ status }: CronJob) => status.active?.length),
    textColumn("Last Schedule", "Since it ran last.", ({ status }: CronJob, now) =>
      status.lastScheduleTime ? ageOf(status.lastScheduleTime, now) : NONE,
    ),
    AGE,
    textColumn(
      "Containers",
      "Names of the containers of a pod.",
      (cronJob) => listContainers(cronJob, "name"),
      1,
    ),
    textColumn(
      "Images",
      "Images of the containers of a pod.",
      (cronJob) => listContainers(cronJob, "image"),
      1,
    ),
    textColumn("Selector", "Labels of the pods that belong to it.", () => NONE, 1),
  ],
  selectableFields: {},
  setDefaults: setCronJobDefaults,
  prepareForCreate: (cronJob) => ({ ...cronJob, status: {} }),
  validate: validateCronJob,
  warnings: ({ metadata, spec }, old) => [
    ...(old === undefined ? hostnameWarnings(metadata.name, IN_NAMES) : []),
    ...podWarnings("spec.jobTemplate.spec.template.", spec.jobTemplate.spec.template),
  ],
};

/** So that names of its Jobs, eleven characters longer, are labels too. */
const LONGEST_NAME = 52;
const POLICIES = ["Allow", "Forbid", "Replace"];

function listContainers({ spec }: CronJob, field: "name" | "image"): string {
  return spec.jobTemplate.spec.template.spec.containers.map((container) => container[field] ?? "").join(",");
}

function setCronJobDefaults(cronJob: CronJob): CronJob {
  const given = cronJob.spec as Partial<CronJobSpec> | undefined;
  const jobSpec = setJobSpecDefaults(given?.jobTemplate?.spec);
  const isComplete =
    given?.concurrencyPolicy !== undefined &&
    given.suspend !== undefined &&
    given.successfulJobsHistoryLimit !== undefined &&
    given.failedJobsHistoryLimit !== undefined &&
    given.schedule !== undefined &&
    jobSpec === given.jobTemplate?.spec;
  if (isComplete && cronJob.status !== undefined) return cronJob;
  const defaults = {
    schedule: "",
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  } as const;
  const spec = { ...defaults, ...given, jobTemplate: { ...given?.jobTemplate, spec: jobSpec } };
  return { ...cronJob, spec: isComplete ? cronJob.spec : spec, status: cronJob.status ?? {} };
}

function validateCronJob(cronJob: CronJob, old: CronJob | undefined): readonly FieldError[] {
  const errors = validateMetadata(cronJob.metadata, old?.metadata);
  const { spec, metadata } = cronJob;
  if (spec !== old?.spec) checkSpec(spec, old?.spec, errors);
  if (old === undefined && metadata.name.length > LONGEST_NAME) {
    const detail = `must be no more than ${LONGEST_NAME} characters`;
    errors.push(invalidValue("metadata.name", metadata.name, detail));
  }
  return errors;
}

function checkSpec(spec: CronJobSpec, old: CronJobSpec | undefined, errors: FieldError[]): void {
  if (spec.schedule === "") errors.push(requiredValue("spec.schedule"));
  else checkSchedule(spec.schedule, errors);
  checkNotNegative({ "spec.startingDeadlineSeconds": spec.startingDeadlineSeconds }, errors);
  if (spec.timeZone !== undefined && spec.timeZone !== old?.timeZone) checkTimeZone(spec.timeZone, errors);
  if (!POLICIES.includes(spec.concurrencyPolicy)) {
    errors.push(notSupported("spec.concurrencyPolicy", spec.concurrencyPolicy, POLICIES));
  }
  checkJobTemplate(spec.jobTemplate.spec, errors);
  checkNotNegative(
    {
      "spec.successfulJobsHistoryLimit": spec.successfulJobsHistoryLimit,
      "spec.failedJobsHistoryLimit": spec.failedJobsHistoryLimit,
    },
    errors,
  );
}

/** Jobs of a CronJob select their pods as the server says (ValidateJobTemplateSpec). */
function checkJobTemplate(spec: JobSpec, errors: FieldError[]): void {
  for (const error of jobSpecFaults(spec)) {
    errors.push({ ...error, field: `spec.jobTemplate.${error.field}` });
  }
  const { selector, manualSelector } = spec;
  const field = "spec.jobTemplate.spec";
  if (selector !== undefined) {
    errors.push(invalidValue(`${field}.selector`, selector, "`selector` will be auto-generated"));
  }
  if (manualSelector) errors.push(notSupported(`${field}.manualSelector`, true, ["nil", "false"]));
}

function checkSchedule(schedule: string, errors: FieldError[]): void {
  const read = parseCron(schedule);
  if (schedule.includes("TZ")) {
    const detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    errors.push(invalidValue("spec.schedule", schedule, detail));
  } else if (typeof read === "string") errors.push(invalidValue("spec.schedule", schedule, read));
}

function checkTimeZone(timeZone: string, errors: FieldError[]): void {
  const fault = timeZoneFault(timeZone);
  if (fault !== undefined) errors.push(invalidValue("spec.timeZone", timeZone, fault));
}

function timeZoneFault(timeZone: string): string | undefined {
  if (timeZone === "") return "timeZone must be nil or non-empty string";
  if (timeZone.toLowerCase() === "local") {
    return "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
  }
  return isTimeZone(timeZone) ? undefined : `unknown time zone ${timeZone}`;
}
