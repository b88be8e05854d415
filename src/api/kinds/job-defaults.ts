import type { Job, JobSpec } from "./job.ts";
import type { PodFailurePolicy } from "./job-policies.ts";
import { setTemplateDefaults } from "./pod-template.ts";

/** Fills in what a Job leaves out (pkg/apis/batch/v1/defaults.go). */
export function setJobDefaults(job: Job): Job {
  const spec = setJobSpecDefaults(job.spec);
  if (spec === job.spec && job.status !== undefined) return job;
  return { ...job, spec, status: job.status ?? {} };
}

/** The same for the spec alone, also where it is part of a CronJob's template. */
export function setJobSpecDefaults(given: Partial<JobSpec> = {}): JobSpec {
  const template = setTemplateDefaults(given.template);
  const isComplete =
    hasPolicyDefaults(given.podFailurePolicy) &&
    given.parallelism !== undefined &&
    given.backoffLimit !== undefined &&
    given.completionMode !== undefined &&
    given.suspend !== undefined &&
    given.podReplacementPolicy !== undefined &&
    template === given.template;
  if (isComplete) return given as JobSpec;
  // Neither of the two given: one pod. With parallelism alone it is a work queue.
  const counts = given.parallelism === undefined && given.completions === undefined ? { completions: 1 } : {};
  const defaults = {
    parallelism: 1,
    ...counts,
    // With a limit for each index there is none for all of them together.
    backoffLimit: given.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647,
    completionMode: "NonIndexed",
    suspend: false,
    podReplacementPolicy: given.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed",
  };
  const policy = given.podFailurePolicy && { podFailurePolicy: withPolicyDefaults(given.podFailurePolicy) };
  return { ...defaults, ...given, ...policy, template } as JobSpec;
}

function hasPolicyDefaults(policy: PodFailurePolicy | undefined): boolean {
  return (policy?.rules ?? []).every(({ onPodConditions = [] }) =>
    onPodConditions.every(({ status }) => status),
  );
}

function withPolicyDefaults(policy: PodFailurePolicy): PodFailurePolicy {
  if (hasPolicyDefaults(policy)) return policy;
  const rules = policy.rules.map(({ onPodConditions, ...rule }) => ({
    ...rule,
    ...(onPodConditions && {
      onPodConditions: onPodConditions.map(({ type, status }) => ({ type, status: status || "True" })),
    }),
  }));
  return { ...policy, rules };
}

const CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
const JOB_NAME = "batch.kubernetes.io/job-name";

/** A Job selects its pods by its own uid, unless it says that it does so by itself. */
export function jobWithUid(job: Job, uid: string): Job {
  const { spec, metadata } = job;
  if (spec.manualSelector) return job;
  const { name } = metadata;
  const { template } = spec;
  const labels = {
    ...template.metadata?.labels,
    [CONTROLLER_UID]: uid,
    [JOB_NAME]: name,
    "controller-uid": uid,
    "job-name": name,
  };
  return {
    ...job,
    spec: {
      ...spec,
      selector: { matchLabels: { [CONTROLLER_UID]: uid } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
