import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, NULL, notSupported, requiredValue, tooLong } from "../field-errors.ts";
import { checkLabelSelector, isEmptySelector, selects } from "../label-selector.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault } from "../names.ts";
import type { Job, JobSpec } from "./job.ts";
import { checkFailurePolicy, checkSuccessPolicy } from "./job-policies.ts";
import { checkNotNegative, checkTemplate, notSelected } from "./pod-template.ts";

const MODES = ["NonIndexed", "Indexed"];
const REPLACEMENTS = ["Failed", "TerminatingOrFailed"];

/** The rules of pkg/apis/batch/validation for what kubesim acts on. */
export function validateJob(job: Job, old: Job | undefined): readonly FieldError[] {
  const errors = validateMetadata(job.metadata, old?.metadata);
  const { spec } = job;
  if (spec === old?.spec) return errors;
  if (old === undefined) checkGenerated(spec, errors);
  errors.push(...jobSpecFaults(spec));
  if (spec.manualSelector && old === undefined) checkOwnSelector(spec, errors);
  if (old !== undefined) checkUpdate(spec, old, errors);
  return errors;
}

/** Selector and labels that the server makes must not be given (ValidateGeneratedSelector). */
function checkGenerated({ manualSelector, selector }: JobSpec, errors: FieldError[]): void {
  if (manualSelector || selector === undefined || isEmptySelector(selector)) return;
  errors.push(invalidValue("spec.selector", selector, "`selector` not auto-generated"));
}

/** A Job that selects its pods by itself says how (ValidateJobSpec). */
function checkOwnSelector({ selector, template }: JobSpec, errors: FieldError[]): void {
  const { length } = errors;
  if (selector === undefined) errors.push(requiredValue("spec.selector"));
  else checkLabelSelector("spec.selector", selector, errors);
  if (selector !== undefined && errors.length > length) return;
  if (selector === undefined || !selects(selector, template.metadata?.labels)) {
    errors.push(notSelected(template));
  }
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
  checkTemplate("spec.template", spec.template, undefined, errors);
  checkRestartPolicy(spec, errors);
  return errors;
}

function checkRestartPolicy(spec: JobSpec, errors: FieldError[]): void {
  const field = "spec.template.spec.restartPolicy";
  const { restartPolicy } = spec.template.spec;
  if (restartPolicy === "Always") {
    const detail = 'valid values: "OnFailure", "Never"';
    errors.push(requiredValue(field, detail));
  } else if (restartPolicy !== "Never" && restartPolicy !== "OnFailure") {
    errors.push(notSupported(field, restartPolicy, ["OnFailure", "Never"]));
  } else if (restartPolicy !== "Never") {
    for (const part of ["podFailurePolicy", "backoffLimitPerIndex"] as const) {
      if (spec[part] === undefined) continue;
      const detail = `only "Never" is supported when ${part} is specified`;
      errors.push(invalidValue(field, restartPolicy, detail));
    }
  }
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
  checkCompletions(spec, old, errors);
  const refuse = (field: (typeof FIXED)[number]) => {
    if (deepEqual(spec[field], old[field])) return;
    errors.push(invalidValue(`spec.${field}`, spec[field] ?? NULL, IMMUTABLE));
  };
  refuse("selector");
  // Before its first start a Job can still be told where to run.
  const isFree = old.suspend && status.startTime === undefined;
  const compared = isFree ? withoutPlacement : (template: Template) => template;
  if (!deepEqual(compared(spec.template), compared(old.template))) {
    errors.push(invalidValue("spec.template", spec.template, IMMUTABLE));
  }
  for (const field of FIXED.slice(1)) refuse(field);
}

function checkCompletions(spec: JobSpec, old: JobSpec, errors: FieldError[]): void {
  const { completions } = spec;
  if (completions === old.completions) return;
  const field = "spec.completions";
  if (spec.completionMode !== "Indexed") errors.push(invalidValue(field, completions ?? NULL, IMMUTABLE));
  else if (completions !== undefined && completions !== spec.parallelism) {
    errors.push(invalidValue(field, completions, "can only be modified in tandem with spec.parallelism"));
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
