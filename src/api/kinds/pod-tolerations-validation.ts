import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported } from "../field-errors.ts";
import { checkQualifiedName } from "../metadata-validation.ts";
import { labelValueFault } from "../names.ts";
import type { Toleration } from "./pod.ts";

const OPERATORS = ["Equal", "Exists"];
/** What a taint does to pods that do not tolerate it. */
export const TAINT_EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** ValidateTolerations of pkg/apis/core/validation. */
export function checkTolerations(
  field: string,
  tolerations: readonly Toleration[],
  errors: FieldError[],
): void {
  for (let index = 0; index < tolerations.length; index++) {
    checkToleration(`${field}[${index}]`, tolerations[index] as Toleration, errors);
  }
}

function checkToleration(field: string, toleration: Toleration, errors: FieldError[]): void {
  const { key, operator, effect, tolerationSeconds } = toleration;
  if (key) {
    checkQualifiedName(`${field}.key`, key, errors);
  } else if (operator !== "Exists") {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidValue(`${field}.operator`, operator ?? "", detail));
  }
  if (tolerationSeconds !== undefined && effect !== "NoExecute") {
    const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
    errors.push(invalidValue(`${field}.effect`, effect ?? "", detail));
  }
  checkValue(field, toleration, errors);
  if (effect && !TAINT_EFFECTS.includes(effect)) {
    errors.push(notSupported(`${field}.effect`, effect, TAINT_EFFECTS));
  }
}

/** The fault of a value is told of the operator, as upstream does. */
function checkValue(field: string, toleration: Toleration, errors: FieldError[]): void {
  const { operator, value } = toleration;
  if (!operator || operator === "Equal") {
    const fault = labelValueFault(value ?? "");
    if (fault !== undefined) errors.push(invalidValue(`${field}.operator`, value, fault));
  } else if (operator === "Exists") {
    if (value) {
      const detail = "value must be empty when `operator` is 'Exists'";
      errors.push(invalidValue(`${field}.operator`, value, detail));
    }
  } else {
    errors.push(notSupported(`${field}.operator`, operator, OPERATORS));
  }
}
