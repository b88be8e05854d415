import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue } from "../field-errors.ts";
import type { Container, PodSpec, Toleration } from "./pod.ts";

const UNCHANGEABLE =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** What of a pod's spec may change once it exists: little. A node is set by pods/binding alone. */
export function validatePodUpdate(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.containers.length !== old.containers.length) {
    return [forbidden("spec.containers", "pod updates may not add or remove containers")];
  }
  if (spec.initContainers?.length !== old.initContainers?.length) {
    return [forbidden("spec.initContainers", "pod updates may not add or remove containers")];
  }
  checkDeadline(spec, old, errors);
  checkTolerations(spec, old, errors);
  checkGates(spec, old, errors);
  if (!deepEqual(withOldChangeables(spec, old), old)) errors.push(forbidden("spec", UNCHANGEABLE));
  return errors;
}

function checkDeadline(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  const before = old.activeDeadlineSeconds;
  const after = spec.activeDeadlineSeconds;
  if (before === undefined || after === before) return;
  const field = "spec.activeDeadlineSeconds";
  if (after === undefined) {
    errors.push(invalidValue(field, null, "must not update from a positive integer to nil value"));
  } else if (after > before) {
    errors.push(invalidValue(field, after, "must be less than or equal to previous value"));
  }
}

function checkTolerations(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  if (spec.tolerations === old.tolerations) return;
  const after = (spec.tolerations ?? []).map(withoutSeconds);
  const isKept = (old.tolerations ?? []).every((toleration) => {
    const before = withoutSeconds(toleration);
    return after.some((kept) => deepEqual(before, kept));
  });
  if (!isKept) {
    const detail = "existing toleration can not be modified except its tolerationSeconds";
    errors.push(forbidden("spec.tolerations", detail));
  }
}

function withoutSeconds(toleration: Toleration): object {
  return { ...toleration, tolerationSeconds: undefined };
}

function checkGates(spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  const before = new Set(old.schedulingGates?.map(({ name }) => name));
  for (const { name } of spec.schedulingGates ?? []) {
    if (before.has(name)) continue;
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.push(forbidden("spec.schedulingGates", detail));
  }
}

/** The new spec with everything that may change set back: whatever still differs may not. */
function withOldChangeables(spec: PodSpec, old: PodSpec): object {
  return {
    ...spec,
    containers: withOldImages(spec.containers, old.containers),
    initContainers: withOldImages(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
  };
}

function withOldImages(
  containers: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly object[] | undefined {
  return containers?.map((container, index) => ({ ...container, image: old?.[index]?.image }));
}
