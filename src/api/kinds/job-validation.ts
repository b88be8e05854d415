import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { validateMetadata } from "../metadata-validation.ts";
import type { Job, JobSpec } from "./job.ts";
import { checkNotNegative, checkSelector, checkTemplate } from "./pod-template.ts";

const MODES = ["NonIndexed", "Indexed"];
const REPLACEMENTS = ["Failed", "TerminatingOrFailed"];

/** The rules of pkg/apis/batch/validation for what kubesim acts on. */
export function validateJob(job: Job, old: Job | undefined): readonly FieldError[] {
  const errors = validateMetadata(job.metadata, old?.metadata);
  const { spec } = job;
  if (spec === old?.spec) return errors;
  const found = jobSpecFaults(spec);
  if (spec.manualSelector && old === undefined) {
    checkSelector(spec.selector, spec.template, undefined, found);
  }
  if (old !== undefined) checkUpdate(spec, old, found);
  return [...errors, ...found];
}

/** Faults of a Job's spec, also where it is part of a CronJob's template; fields are named from `spec` on. */
export function jobSpecFaults(spec: JobSpec): FieldError[] {
  const errors: FieldError[] = [];
  checkNotNegative(
    {
      "spec.parallelism": spec.parallelism,
      "spec.completions": spec.completions,
      "spec.activeDeadlineSeconds": spec.activeDeadlineSeconds,
      "spec.backoffLimit": spec.backoffLimit,
      "spec.ttlSecondsAfterFinished": spec.ttlSecondsAfterFinished,
    },
    errors,
  );
  if (!MODES.includes(spec.completionMode)) {
    errors.push(notSupported("spec.completionMode", spec.completionMode, MODES));
  } else if (spec.completionMode === "Indexed" && spec.completions === undefined) {
    errors.push(requiredValue("spec.completions", "when completion mode is Indexed"));
  }
  if (!REPLACEMENTS.includes(spec.podReplacementPolicy)) {
    errors.push(notSupported("spec.podReplacementPolicy", spec.podReplacementPolicy, REPLACEMENTS));
  }
  checkTemplate(spec.template, ["Always", "OnFailure", "Never"], errors);
  const { restartPolicy } = spec.template.spec;
  if (restartPolicy === "Always") {
    const detail = 'valid values: "OnFailure", "Never"';
    errors.push(requiredValue("spec.template.spec.restartPolicy", detail));
  }
  return errors;
}

/** What a Job is made of stays; only an indexed one may be given more or fewer indexes, together with its width. */
function checkUpdate(spec: JobSpec, { spec: old, status }: Job, errors: FieldError[]): void {
  const isElastic = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  if (spec.completions !== old.completions && !isElastic) {
    errors.push(invalidValue("spec.completions", spec.completions ?? null, IMMUTABLE));
  }
  for (const field of ["selector", "completionMode", "podReplacementPolicy"] as const) {
    if (!deepEqual(spec[field], old[field])) {
      errors.push(invalidValue(`spec.${field}`, spec[field] ?? null, IMMUTABLE));
    }
  }
  // Before its first start a Job can still be told where to run.
  const isFree = old.suspend && status.startTime === undefined;
  const compared = isFree ? withoutPlacement : (template: Template) => template;
  if (!deepEqual(compared(spec.template), compared(old.template))) {
    errors.push(invalidValue("spec.template", spec.template, IMMUTABLE));
  }
}

type Template = JobSpec["template"];

function withoutPlacement(template: Template): Template {
  const { nodeSelector, affinity, tolerations, schedulingGates, ...spec } = template.spec;
  const { labels, annotations, ...metadata } = template.metadata ?? {};
  return { metadata, spec };
}
