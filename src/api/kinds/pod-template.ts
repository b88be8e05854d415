import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import {
  forbidden,
  IMMUTABLE,
  invalidValue,
  NULL,
  notSupported,
  requiredValue,
  sortedMap,
} from "../field-errors.ts";
import { checkLabelSelector, isEmptySelector, type LabelSelector, selects } from "../label-selector.ts";
import type { ObjectMeta } from "../meta.ts";
import { checkAnnotations, checkLabels } from "../metadata-validation.ts";
import type { PodSpec } from "./pod.ts";
import { setPodSpecDefaults } from "./pod-defaults.ts";
import { checkPodAnnotations, checkPodSpec } from "./pod-validation.ts";

/** v1.PodTemplateSpec: what the pods of a workload are made from. */
export interface PodTemplate {
  readonly metadata?: Pick<ObjectMeta, "labels" | "annotations" | "finalizers">;
  readonly spec: PodSpec;
}

const NO_TEMPLATE: PodTemplate = Object.freeze({ spec: Object.freeze({ containers: [] }) });

/** The template with the defaults of a pod's spec; the same one when it is complete. One is made of nothing. */
export function setTemplateDefaults(template: PodTemplate | undefined): PodTemplate {
  const given = template ?? NO_TEMPLATE;
  const spec = given.spec?.containers === undefined ? { ...NO_TEMPLATE.spec, ...given.spec } : given.spec;
  const complete = setPodSpecDefaults(spec);
  const metadata = given.metadata && withoutCreation(given.metadata);
  if (complete === template?.spec && metadata === template.metadata) return template;
  return { ...given, ...(metadata && { metadata }), spec: complete };
}

/** Go clients send `creationTimestamp: null` along; two templates must not differ by that. */
function withoutCreation(
  metadata: NonNullable<PodTemplate["metadata"]>,
): NonNullable<PodTemplate["metadata"]> {
  if (!("creationTimestamp" in metadata) || metadata.creationTimestamp !== null) return metadata;
  const { creationTimestamp: _, ...rest } = metadata;
  return rest;
}

/**
 * Rules of a template as such (ValidatePodTemplateSpec), and of one whose pods a controller keeps alive: they always
 * start again, and have no deadline. Kubernetes leaves `metadata` out of the paths of labels and annotations.
 * @param field where the template is
 * @param workload how it is called when a deadline is refused; left out where pods need not start again
 */
export function checkTemplate(
  field: string,
  { metadata = {}, spec }: PodTemplate,
  workload: string | undefined,
  errors: FieldError[],
): void {
  checkLabels(`${field}.labels`, metadata.labels, errors);
  checkAnnotations(`${field}.annotations`, metadata.annotations, errors);
  checkPodAnnotations(`${field}.annotations`, metadata.annotations, errors);
  const found: FieldError[] = [];
  checkPodSpec(spec, found);
  for (const error of found) errors.push({ ...error, field: `${field}.${error.field}` });
  if (spec.ephemeralContainers?.length) {
    const detail = "ephemeral containers not allowed in pod template";
    errors.push(forbidden(`${field}.spec.ephemeralContainers`, detail));
  }
  if (workload === undefined) return;
  const { restartPolicy = "Always", activeDeadlineSeconds } = spec;
  if (restartPolicy !== "Always") {
    errors.push(notSupported(`${field}.spec.restartPolicy`, restartPolicy, ["Always"]));
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${workload} is not Supported`;
    errors.push(forbidden(`${field}.spec.activeDeadlineSeconds`, detail));
  }
}

/** What of a workload's spec its selector and template are looked at by. */
export interface Selecting {
  readonly selector?: LabelSelector;
  readonly template: PodTemplate;
}

/**
 * A workload must have a selector that selects its own pods. Returns whether it is sound: where it is not, Kubernetes
 * does not look at the template of most workloads.
 * @param kind as Kubernetes names it for those who give an empty one
 */
export function checkSelector(
  { selector, template }: Selecting,
  kind: "deployment" | "statefulset",
  errors: FieldError[],
): boolean {
  const { length } = errors;
  if (selector === undefined) {
    errors.push(requiredValue("spec.selector"), notSelected(template));
    return true;
  }
  checkLabelSelector("spec.selector", selector, errors);
  const isSound = errors.length === length;
  const isEmpty = isEmptySelector(selector);
  if (isEmpty) errors.push(invalidValue("spec.selector", selector, `empty selector is invalid for ${kind}`));
  if (!isSound) {
    const detail = kind === "deployment" ? "invalid label selector" : "";
    errors.push(invalidValue("spec.selector", selector, detail));
  } else if (!isEmpty && !selects(selector, template.metadata?.labels)) errors.push(notSelected(template));
  return isSound;
}

/** A selector that no longer is what it was; `old` is undefined for a new object. */
export function checkSelectorKept(
  selector: LabelSelector | undefined,
  old: Selecting | undefined,
  errors: FieldError[],
): void {
  if (old === undefined || deepEqual(selector, old.selector)) return;
  errors.push(invalidValue("spec.selector", selector ?? NULL, IMMUTABLE));
}

/** The labels of a template that its workload's selector does not select. */
export function notSelected({ metadata: { labels } = {} }: PodTemplate): FieldError {
  const detail = "`selector` does not match template `labels`";
  return invalidValue("spec.template.metadata.labels", labels ? sortedMap(labels) : null, detail);
}

/** Adds an error for each of these numbers that is negative; `fields` by path. */
export function checkNotNegative(
  fields: Readonly<Record<string, number | undefined>>,
  errors: FieldError[],
): void {
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined && value < 0) {
      errors.push(invalidValue(field, value, "must be greater than or equal to 0"));
    }
  }
}
