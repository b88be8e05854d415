import { type CronJob, cronJobs, type JobReference } from "../../api/kinds/cron-job.ts";
import type { Job } from "../../api/kinds/job.ts";
import type { Draft } from "../../api/meta.ts";
import { controllerReference } from "../../api/owner-references.ts";
import { zonedTimestamp } from "../../lib/time-zone.ts";

const SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/** The Job of a time, in ms since the epoch; its name says the minute, so that there can be only one. */
export function jobAt(cronJob: CronJob, dueMs: number): Draft<Job> {
  const { metadata, spec } = cronJob;
  const { labels, annotations } = spec.jobTemplate.metadata ?? {};
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${metadata.name}-${Math.floor(dueMs / 60_000)}`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      ...(labels && { labels }),
      annotations: { ...annotations, [SCHEDULED_AT]: zonedTimestamp(dueMs, spec.timeZone ?? "UTC") },
      ownerReferences: [controllerReference(cronJobs, cronJob)],
    },
    spec: spec.jobTemplate.spec,
    status: {},
  };
}

/** How a CronJob's status names a Job. */
export function referenceTo({ metadata }: Job): JobReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    kind: "Job",
    apiVersion: "batch/v1",
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    resourceVersion,
  };
}
