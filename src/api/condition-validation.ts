import type { FieldError } from "./errors.ts";
import { duplicateValue, invalidValue, notSupported, requiredValue, tooLong } from "./field-errors.ts";
import type { Condition } from "./meta.ts";
import { checkQualifiedName } from "./metadata-validation.ts";

const STATUSES = ["False", "True", "Unknown"];
const LONGEST_REASON = 1_024;
const LONGEST_MESSAGE = 32_768;
const REASON = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const REASON_FAULT =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric " +
  "characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or " +
  "'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is " +
  "'[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";

/** Conditions as metav1 has them, each type once (ValidateConditions of k8s.io/apimachinery). */
export function checkConditions(field: string, conditions: readonly Condition[], errors: FieldError[]): void {
  const types = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    const at = `${field}[${index}]`;
    if (types.has(condition.type)) errors.push(duplicateValue(`${at}.type`, condition.type));
    types.add(condition.type);
    checkCondition(at, condition, errors);
  }
}

function checkCondition(field: string, condition: Condition, errors: FieldError[]): void {
  const { type = "", status = "", observedGeneration = 0, lastTransitionTime, message = "" } = condition;
  checkQualifiedName(`${field}.type`, type, errors);
  if (!STATUSES.includes(status)) errors.push(notSupported(`${field}.status`, status, STATUSES));
  if (observedGeneration < 0) {
    const detail = "must be greater than or equal to zero";
    errors.push(invalidValue(`${field}.observedGeneration`, observedGeneration, detail));
  }
  if (!lastTransitionTime) errors.push(requiredValue(`${field}.lastTransitionTime`, "must be set"));
  checkReason(`${field}.reason`, condition.reason ?? "", errors);
  if (Buffer.byteLength(message) > LONGEST_MESSAGE) {
    errors.push(tooLong(`${field}.message`, LONGEST_MESSAGE));
  }
}

function checkReason(field: string, reason: string, errors: FieldError[]): void {
  if (reason === "") {
    errors.push(requiredValue(field, "must be set"));
    return;
  }
  if (!REASON.test(reason)) errors.push(invalidValue(field, reason, REASON_FAULT));
  if (reason.length > LONGEST_REASON) errors.push(tooLong(field, LONGEST_REASON));
}
