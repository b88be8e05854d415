import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, requiredValue, unnamedValue } from "../field-errors.ts";
import { epochMs } from "../meta.ts";
import { countFaults } from "../status-counts.ts";
import { type Job, trueCondition } from "./job.ts";

const COUNTS = { counts: ["active", "succeeded", "failed", "ready", "terminating"] };
const LASTING = ["Failed", "Complete", "FailureTarget"];
const COMPLETION = "status.completionTime";

/** ValidateJobStatusUpdate (pkg/apis/batch/validation): what a Job's controller, whoever it is, may say of it. */
export function validateJobStatus(job: Job, old: Job): readonly FieldError[] {
  const errors = countFaults({ ...job.status }, { ...old.status }, COUNTS);
  checkUncounted(job, errors);
  checkEnd(job, errors);
  checkChange(job, old, errors);
  return errors;
}

function checkUncounted({ status }: Job, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const part of ["succeeded", "failed"] as const) {
    for (const [index, uid] of (status.uncountedTerminatedPods?.[part] ?? []).entries()) {
      const field = `status.uncountedTerminatedPods.${part}[${index}]`;
      if (uid === "") errors.push(invalidValue(field, uid, "must not be empty"));
      else if (seen.has(uid)) errors.push(duplicateValue(field, uid));
      seen.add(uid);
    }
  }
}

/** A Job ends in one way, which is announced first, and at a time. */
function checkEnd(job: Job, errors: FieldError[]): void {
  const { startTime, completionTime } = job.status;
  const is = (type: string) => trueCondition(job, type) !== undefined;
  const isComplete = is("Complete");
  const refuseConditions = (detail: string) => errors.push(unnamedValue("status.conditions", detail));
  if (isComplete && is("Failed")) refuseConditions("cannot set Complete=True and Failed=true conditions");
  if (isComplete && is("FailureTarget")) {
    refuseConditions("cannot set Complete=True and FailureTarget=true conditions");
  }
  if (completionTime && !isComplete) {
    const detail = "cannot set completionTime when there is no Complete=True condition";
    errors.push(invalidValue(COMPLETION, completionTime, detail));
  }
  if (!completionTime && isComplete) {
    errors.push(requiredValue(COMPLETION, "completionTime is required for Complete jobs"));
  }
  if (startTime && completionTime && epochMs(completionTime) < epochMs(startTime)) {
    errors.push(invalidValue(COMPLETION, completionTime, "completionTime cannot be set before startTime"));
  }
  for (const [type, announced] of Object.entries(ANNOUNCED)) {
    if (!is(type) || is(announced)) continue;
    refuseConditions(`cannot set ${type}=True condition without the ${announced}=true condition`);
  }
  if (isComplete || is("Failed")) checkNothingLeft(job, errors);
  checkPods(job, errors);
  for (const failure of ["Failed", "FailureTarget"]) {
    if (!is("SuccessCriteriaMet") || !is(failure)) continue;
    refuseConditions(`cannot set SuccessCriteriaMet=True and ${failure}=true conditions`);
  }
}

/** By which condition each end is told of while pods are still ending. */
const ANNOUNCED = { Failed: "FailureTarget", Complete: "SuccessCriteriaMet" };

function checkNothingLeft({ status }: Job, errors: FieldError[]): void {
  const { startTime, active = 0, terminating = 0, uncountedTerminatedPods: uncounted } = status;
  if (active > 0) errors.push(invalidValue("status.active", active, "active>0 is invalid for finished job"));
  if (!startTime) errors.push(requiredValue("status.startTime", "startTime is required for finished job"));
  if ((uncounted?.succeeded?.length ?? 0) + (uncounted?.failed?.length ?? 0) > 0) {
    const detail = "uncountedTerminatedPods needs to be empty for finished job";
    errors.push(invalidValue("status.uncountedTerminatedPods", uncounted, detail));
  }
  if (terminating > 0) {
    const detail = "terminating>0 is invalid for finished job";
    errors.push(invalidValue("status.terminating", terminating, detail));
  }
}

function checkPods({ spec, status }: Job, errors: FieldError[]): void {
  const { ready, active = 0, completedIndexes, failedIndexes } = status;
  if (completedIndexes && spec.completionMode !== "Indexed") {
    const detail = "cannot set non-empty completedIndexes when non-indexed completion mode";
    errors.push(invalidValue("status.completedIndexes", completedIndexes, detail));
  }
  if (failedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    const detail = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
    errors.push(invalidValue("status.failedIndexes", failedIndexes, detail));
  }
  if (ready !== undefined && ready > active) {
    errors.push(invalidValue("status.ready", ready, "cannot set more ready pods than active"));
  }
}

/** What was said before is not taken back. */
function checkChange(job: Job, old: Job, errors: FieldError[]): void {
  const { status, spec } = job;
  for (const type of LASTING) {
    if (trueCondition(old, type) === undefined || trueCondition(job, type) !== undefined) continue;
    errors.push(unnamedValue("status.conditions", `cannot disable the terminal ${type}=True condition`));
  }
  // An indexed Job whose completions follow its parallelism may shrink.
  const mayShrink = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  for (const counter of ["failed", "succeeded"] as const) {
    const count = status[counter] ?? 0;
    if (count >= (old.status[counter] ?? 0) || (counter === "succeeded" && mayShrink)) continue;
    errors.push(invalidValue(`status.${counter}`, count, `cannot decrease the ${counter} counter`));
  }
  const { completionTime } = status;
  if (completionTime && old.status.completionTime && completionTime !== old.status.completionTime) {
    errors.push(invalidValue(COMPLETION, completionTime, "completionTime cannot be mutated"));
  }
  if (old.status.startTime && old.status.startTime !== status.startTime && !spec.suspend) {
    errors.push(requiredValue("status.startTime", "startTime cannot be removed for unsuspended job"));
  }
}
