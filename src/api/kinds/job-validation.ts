import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, notSupported, requiredValue, tooLong } from "../field-errors.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault } from "../names.ts";
import type { Job, JobSpec } from "./job.ts";
import { checkFailurePolicy, checkSuccessPolicy } from "./job-policies.ts";
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
    checkSelector(spec.selector, spec.template, undefined, { errors: found, kind: "job" });
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
      "spec.backoffLimitPerIndex": spec.backoffLimitPerIndex,
      "spec.maxFailedIndexes": spec.maxFailedIndexes,
      "spec.ttlSecondsAfterFinished": spec.ttlSecondsAfterFinished,
    },
    errors,
  );
  if (!MODES.includes(spec.completionMode)) {
    errors.push(notSupported("spec.completionMode", spec.completionMode, MODES));
  } else if (spec.completionMode === "Indexed" && spec.completions === undefined) {
    errors.push(requiredValue("spec.completions", "when completion mode is Indexed"));
  }
  checkIndexLimits(spec, errors);
  const replacements = spec.podFailurePolicy === undefined ? REPLACEMENTS : ["Failed"];
  if (!replacements.includes(spec.podReplacementPolicy)) {
    errors.push(notSupported("spec.podReplacementPolicy", spec.podReplacementPolicy, replacements));
  }
  checkFailurePolicy(spec, errors);
  checkSuccessPolicy(spec, errors);
  if (spec.managedBy !== undefined) checkManager(spec.managedBy, errors);
  checkTemplate(spec.template, ["Always", "OnFailure", "Never"], errors);
  const { restartPolicy } = spec.template.spec;
  if (restartPolicy === "Always") {
    const detail = 'valid values: "OnFailure", "Never"';
    errors.push(requiredValue("spec.template.spec.restartPolicy", detail));
  } else if (restartPolicy !== "Never") {
    for (const field of ["podFailurePolicy", "backoffLimitPerIndex"] as const) {
      if (spec[field] === undefined) continue;
      const detail = `only "Never" is supported when ${field} is specified`;
      errors.push(invalidValue("spec.template.spec.restartPolicy", restartPolicy, detail));
    }
  }
  return errors;
}

/** Limits for each index are for Jobs that have some. */
function checkIndexLimits(spec: JobSpec, errors: FieldError[]): void {
  const { backoffLimitPerIndex, maxFailedIndexes, completions } = spec;
  if (backoffLimitPerIndex === undefined) {
    if (maxFailedIndexes === undefined) return;
    errors.push(requiredValue("spec.backoffLimitPerIndex", "when maxFailedIndexes is specified"));
  } else if (spec.completionMode !== "Indexed") {
    const detail = "requires indexed completion mode";
    errors.push(invalidValue("spec.backoffLimitPerIndex", backoffLimitPerIndex, detail));
  }
  if (maxFailedIndexes !== undefined && completions !== undefined && maxFailedIndexes > completions) {
    const detail = "must be less than or equal to completions";
    errors.push(invalidValue("spec.maxFailedIndexes", maxFailedIndexes, detail));
  }
}

/** A controller is named by a domain and a path. */
function checkManager(name: string, errors: FieldError[]): void {
  const slash = name.indexOf("/");
  if (slash < 0) {
    const detail = 'must be a domain-prefixed path (such as "acme.io/foo")';
    errors.push(invalidValue("spec.managedBy", name, detail));
  } else {
    const fault = dnsSubdomainFault(name.slice(0, slash));
    if (fault !== undefined) errors.push(invalidValue("spec.managedBy", name.slice(0, slash), fault));
  }
  if (name.length > MANAGER_MAX) errors.push(tooLong("spec.managedBy", MANAGER_MAX));
}

const MANAGER_MAX = 63;

/** What a Job is made of stays; only an indexed one may be given more or fewer indexes, together with its width. */
function checkUpdate(spec: JobSpec, { spec: old, status }: Job, errors: FieldError[]): void {
  const isElastic = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  if (spec.completions !== old.completions && !isElastic) {
    errors.push(invalidValue("spec.completions", spec.completions ?? null, IMMUTABLE));
  }
  for (const field of FIXED) {
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

const FIXED = [
  "selector",
  "completionMode",
  "podReplacementPolicy",
  "podFailurePolicy",
  "backoffLimitPerIndex",
  "managedBy",
  "successPolicy",
] as const;

type Template = JobSpec["template"];

function withoutPlacement(template: Template): Template {
  const { nodeSelector, affinity, tolerations, schedulingGates, ...spec } = template.spec;
  const { labels, annotations, ...metadata } = template.metadata ?? {};
  return { metadata, spec };
}
