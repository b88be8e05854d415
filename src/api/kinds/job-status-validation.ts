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

/** A Job ends in one way, at a time, and with nothing left to do. */
function checkEnd(job: Job, errors: FieldError[]): void {
  const { startTime, completionTime, active = 0, uncountedTerminatedPods: uncounted } = job.status;
  const isComplete = trueCondition(job, "Complete") !== undefined;
  const hasFailed = trueCondition(job, "Failed") !== undefined;
  const refuseConditions = (detail: string) => errors.push(unnamedValue("status.conditions", detail));
  if (isComplete && hasFailed) refuseConditions("cannot set Complete=True and Failed=true conditions");
  if (isComplete && trueCondition(job, "FailureTarget") !== undefined) {
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
  if (!isComplete && !hasFailed) return;
  if (active > 0) errors.push(invalidValue("status.active", active, "active>0 is invalid for finished job"));
  if (!startTime) errors.push(requiredValue("status.startTime", "startTime is required for finished job"));
  if ((uncounted?.succeeded?.length ?? 0) + (uncounted?.failed?.length ?? 0) > 0) {
    const detail = "uncountedTerminatedPods needs to be empty for finished job";
    errors.push(invalidValue("status.uncountedTerminatedPods", uncounted, detail));
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
