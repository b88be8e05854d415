import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, notSupported, requiredValue, sortedMap } from "../field-errors.ts";
import { checkLabelSelector, isEmptySelector, type LabelSelector, selects } from "../label-selector.ts";
import type { ObjectMeta } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import type { PodSpec } from "./pod.ts";
import { setPodSpecDefaults } from "./pod-defaults.ts";
import { checkPodSpec } from "./pod-validation.ts";

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

/** Rules of a template as such; `restartPolicies` are those that this workload can have. */
export function checkTemplate(
  template: PodTemplate,
  restartPolicies: readonly string[],
  errors: FieldError[],
): void {
  const { metadata, spec } = template;
  const found: FieldError[] = [];
  if (metadata !== undefined) {
    // Templates have no name of their own; any will do to look at the rest.
    for (const error of validateMetadata({ ...metadata, name: "x" } as ObjectMeta, undefined)) {
      errors.push({ ...error, field: `spec.template.${error.field}` });
    }
  }
  checkPodSpec(spec, found);
  for (const error of found) errors.push({ ...error, field: `spec.template.${error.field}` });
  const { restartPolicy = "Always" } = spec;
  if (found.length === 0 && !restartPolicies.includes(restartPolicy)) {
    errors.push(notSupported("spec.template.spec.restartPolicy", restartPolicy, restartPolicies));
  }
}

/**
 * A workload must have a selector that selects its own pods, and keep it.
 * @param kind as Kubernetes names it for those who give an empty one
 */
export function checkSelector(
  selector: LabelSelector | undefined,
  template: PodTemplate,
  old: LabelSelector | undefined,
  { errors, kind }: { readonly errors: FieldError[]; readonly kind: string },
): void {
  const { length } = errors;
  if (selector === undefined) {
    // Nobody else asks a DaemonSet for it: its labels are not selected by nothing.
    if (kind !== "daemonset") errors.push(requiredValue("spec.selector"));
  } else {
    checkLabelSelector("spec.selector", selector, errors);
    if (isEmptySelector(selector) && kind !== "job") {
      errors.push(invalidValue("spec.selector", selector, `empty selector is invalid for ${kind}`));
    }
  }
  const isSound = selector === undefined || errors.length === length;
  if (isSound && !(selector && selects(selector, template.metadata?.labels))) {
    errors.push(notSelected(template));
  }
  if (old !== undefined && !deepEqual(selector, old)) {
    errors.push(invalidValue("spec.selector", selector, IMMUTABLE));
  }
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
