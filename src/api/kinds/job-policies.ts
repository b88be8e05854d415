import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, notSupported, requiredValue, tooMany } from "../field-errors.ts";
import type { JobSpec } from "./job.ts";

/** What follows from how a pod has failed; the first rule that fits says so. */
export interface PodFailurePolicy {
  readonly rules: readonly PodFailureRule[];
}

export interface PodFailureRule {
  readonly action: "FailJob" | "FailIndex" | "Ignore" | "Count";
  readonly onExitCodes?: ExitCodes;
  readonly onPodConditions?: readonly { readonly type: string; readonly status: string }[];
}

export interface ExitCodes {
  /** Absent: that of any container. */
  readonly containerName?: string;
  readonly operator: "In" | "NotIn";
  readonly values: readonly number[];
}

/** When an indexed Job is done before all of its indexes are: one rule is enough. */
export interface SuccessPolicy {
  readonly rules: readonly { readonly succeededIndexes?: string; readonly succeededCount?: number }[];
}

const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS = ["In", "NotIn"];
const STATUSES = ["False", "True", "Unknown"];
const RULES_MAX = 20;
const VALUES_MAX = 255;

/** Rules of `podFailurePolicy` (pkg/apis/batch/validation). */
export function checkFailurePolicy(spec: JobSpec, errors: FieldError[]): void {
  const { podFailurePolicy: policy } = spec;
  if (policy === undefined) return;
  const { rules = [] } = policy;
  const field = "spec.podFailurePolicy.rules";
  if (rules.length > RULES_MAX) errors.push(tooMany(field, rules.length, RULES_MAX));
  rules.forEach((rule, index) => {
    checkFailureRule(rule, spec, `${field}[${index}]`, errors);
  });
}

function checkFailureRule(rule: PodFailureRule, spec: JobSpec, field: string, errors: FieldError[]): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (action === "FailIndex" && spec.backoffLimitPerIndex === undefined) {
    errors.push(invalidValue(`${field}.action`, action, "requires the backoffLimitPerIndex to be set"));
  } else checkChoice(action, ACTIONS, `${field}.action`, errors);
  if (onExitCodes !== undefined) checkExitCodes(onExitCodes, spec, `${field}.onExitCodes`, errors);
  onPodConditions.forEach(({ type, status }, index) => {
    const place = `${field}.onPodConditions[${index}]`;
    if (!type) errors.push(requiredValue(`${place}.type`));
    checkChoice(status, STATUSES, `${place}.status`, errors);
  });
  if (onPodConditions.length > RULES_MAX) {
    errors.push(tooMany(`${field}.onPodConditions`, onPodConditions.length, RULES_MAX));
  }
  const isBoth = onExitCodes !== undefined && onPodConditions.length > 0;
  const isNeither = onExitCodes === undefined && onPodConditions.length === 0;
  if (!isBoth && !isNeither) return;
  const which = isBoth ? "both OnExitCodes and OnPodConditions is not supported" : ONE_REQUIRED;
  errors.push({ type: "Invalid", field, message: `Invalid value: specifying ${which}` });
}

const ONE_REQUIRED = "one of OnExitCodes and OnPodConditions is required";

function checkExitCodes(codes: ExitCodes, spec: JobSpec, field: string, errors: FieldError[]): void {
  const { containerName, operator, values = [] } = codes;
  checkChoice(operator, OPERATORS, `${field}.operator`, errors);
  const { containers = [], initContainers = [] } = spec.template.spec;
  const isKnown = [...containers, ...initContainers].some(({ name }) => name === containerName);
  if (containerName !== undefined && !isKnown) {
    const detail = "must be one of the container or initContainer names in the pod template";
    errors.push(invalidValue(`${field}.containerName`, containerName, detail));
  }
  if (values.length === 0)
    errors.push(invalidValue(`${field}.values`, values, "at least one value is required"));
  if (values.length > VALUES_MAX) errors.push(tooMany(`${field}.values`, values.length, VALUES_MAX));
  const seen = new Set<number>();
  values.forEach((value, index) => {
    if (seen.has(value)) errors.push(duplicateValue(`${field}.values[${index}]`, value));
    seen.add(value);
    if (value === 0 && operator === "In") {
      errors.push(invalidValue(`${field}.values[${index}]`, value, "must not be 0 for the In operator"));
    }
  });
  if (values.some((value, index) => index > 0 && value < (values[index - 1] as number))) {
    errors.push(invalidValue(`${field}.values`, values, "must be ordered"));
  }
}

function checkChoice(
  value: string | undefined,
  choices: readonly string[],
  field: string,
  errors: FieldError[],
): void {
  const all = choices.map((choice) => JSON.stringify(choice)).join(" ");
  if (!value) errors.push(requiredValue(field, `valid values: [${all}]`));
  else if (!choices.includes(value)) errors.push(notSupported(field, value, choices));
}

/** Rules of `successPolicy` (pkg/apis/batch/validation). */
export function checkSuccessPolicy(spec: JobSpec, errors: FieldError[]): void {
  const { successPolicy, completions = 0 } = spec;
  if (successPolicy === undefined) return;
  if (spec.completionMode !== "Indexed") {
    errors.push(invalidValue("spec.successPolicy", successPolicy, "requires indexed completion mode"));
    return;
  }
  const { rules = [] } = successPolicy;
  const field = "spec.successPolicy.rules";
  if (rules.length === 0) {
    const detail = "at least one rules must be specified when the successPolicy is specified";
    errors.push(requiredValue(field, detail));
  }
  if (rules.length > RULES_MAX) errors.push(tooMany(field, rules.length, RULES_MAX));
  rules.forEach(({ succeededIndexes, succeededCount }, index) => {
    const place = `${field}[${index}]`;
    if (succeededIndexes === undefined && succeededCount === undefined) {
      const detail = "at least one of succeededCount or succeededIndexes must be specified";
      errors.push(requiredValue(place, detail));
    }
    const total = succeededIndexes === undefined ? undefined : countIndexes(succeededIndexes, completions);
    if (typeof total === "string") {
      const detail = `error parsing succeededIndexes: ${total}`;
      errors.push(invalidValue(`${place}.succeededIndexes`, succeededIndexes, detail));
    }
    if (succeededCount === undefined) return;
    const most = Math.min(completions, typeof total === "number" ? total : completions);
    if (succeededCount <= most) return;
    const of =
      most < completions ? "indexes in the specified succeededIndexes field" : "specified completions";
    const detail = `must be less than or equal to ${most} (the number of ${of})`;
    errors.push(invalidValue(`${place}.succeededCount`, succeededCount, detail));
  });
}

/** How many indexes a text such as `1,3-5` names, or what is wrong with it. */
function countIndexes(text: string, completions: number): number | string {
  let total = 0;
  let last = -1;
  for (const part of text.split(",")) {
    const [, first = "", end = first] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (first === "") return `cannot convert string to integer for index: ${JSON.stringify(part)}`;
    if (Number(first) <= last) {
      return `non-increasing order, previous: ${last}, current: ${first}`;
    }
    if (Number(end) < Number(first)) return `non-increasing order, previous: ${first}, current: ${end}`;
    if (Number(end) >= completions) return `too large index: ${JSON.stringify(end)}`;
    total += Number(end) - Number(first) + 1;
    last = Number(end);
  }
  return total;
}
