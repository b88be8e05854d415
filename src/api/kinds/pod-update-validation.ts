import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, NULL } from "../field-errors.ts";
import type { Container, PodSpec, Toleration } from "./pod.ts";
import { checkGatedUpdate, withOldPlacement } from "./pod-gated-update-validation.ts";

const UNCHANGEABLE =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/**
 * What of a pod's spec may change once it exists: little (ValidatePodUpdate). A node is set by pods/binding alone.
 * Where Kubernetes goes on with what differs, which is made for its own developers, nothing is said.
 */
export function validatePodUpdate(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const list of ["containers", "initContainers"] as const) {
    if ((spec[list]?.length ?? 0) === (old[list]?.length ?? 0)) continue;
    return [forbidden(`spec.${list}`, "pod updates may not add or remove containers")];
  }
  if (!mayChangeDeadline(spec, old, errors)) return errors;
  checkTolerations(spec, old, errors);
  checkGates(spec, old, errors);
  let compared = withOldChangeables(spec, old);
  if (old.schedulingGates?.length) {
    checkGatedUpdate(compared, old, errors);
    compared = withOldPlacement(compared, old);
  }
  if (!deepEqual(compared, old)) errors.push(forbidden("spec", UNCHANGEABLE));
  return errors;
}

/** Says false where nothing else is looked at. */
function mayChangeDeadline(spec: PodSpec, old: PodSpec, errors: FieldError[]): boolean {
  const before = old.activeDeadlineSeconds;
  const after = spec.activeDeadlineSeconds;
  if (before === undefined || after === before) return true;
  const field = "spec.activeDeadlineSeconds";
  if (after === undefined) {
    errors.push(invalidValue(field, NULL, "must not update from a positive integer to nil value"));
    return true;
  }
  if (after <= before) return true;
  errors.push(invalidValue(field, after, "must be less than or equal to previous value"));
  return false;
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
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries()) {
    if (before.has(name)) continue;
    const detail = `only deletion is allowed, but found new scheduling gate '${name}'`;
    errors.push(forbidden(`spec.schedulingGates[${index}].name`, detail));
  }
}

/** The new spec with everything that may change set back: whatever still differs may not. */
function withOldChangeables(spec: PodSpec, old: PodSpec): PodSpec {
  const { terminationGracePeriodSeconds: before = 0 } = old;
  const isMended = before < 0 && spec.terminationGracePeriodSeconds === 1;
  return {
    ...spec,
    containers: withOldImages(spec.containers, old.containers),
    initContainers: withOldImages(spec.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    tolerations: old.tolerations,
    schedulingGates: old.schedulingGates,
    ...(isMended && { terminationGracePeriodSeconds: before }),
  } as PodSpec;
}

function withOldImages(
  containers: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly object[] | undefined {
  return containers?.map((container, index) => ({ ...container, image: old?.[index]?.image }));
}
