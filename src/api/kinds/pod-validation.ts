import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, NOT_NEGATIVE, notSupported, requiredValue } from "../field-errors.ts";
import { checkLabels, validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault } from "../names.ts";
import { hasOwnVolumes } from "../token-volume.ts";
import { checkContainers } from "./container-validation.ts";
import type { Pod, PodSpec } from "./pod.ts";
import { checkNodeAffinity } from "./pod-affinity-validation.ts";
import { checkPodAffinity, checkSpread } from "./pod-spread-validation.ts";
import { checkTolerations } from "./pod-tolerations-validation.ts";
import { validatePodUpdate } from "./pod-update-validation.ts";
import { checkQuantities } from "./resource-validation.ts";
import { checkVolumes } from "./volume-validation.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const PREEMPTION_POLICIES = ["PreemptLowerPriority", "Never"];
const LARGEST_INT32 = 2 ** 31 - 1;

/**
 * The rules of pkg/apis/core/validation for what kubesim acts on. An image is not asked for: simulated containers
 * need none.
 */
export function validatePod(pod: Pod, old: Pod | undefined): readonly FieldError[] {
  const errors = validateMetadata(pod.metadata, old?.metadata);
  if (pod.spec === old?.spec) return errors;
  checkPodSpec(pod.spec, errors);
  if (old === undefined && pod.spec.ephemeralContainers?.length) {
    errors.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  }
  if (old !== undefined && errors.length === 0) errors.push(...validatePodUpdate(pod.spec, old.spec));
  return errors;
}

/** The rules of a pod's spec; fields are named from `spec` on. */
export function checkPodSpec(spec: PodSpec, errors: FieldError[]): void {
  if (hasOwnVolumes(spec)) checkVolumes(spec.volumes ?? [], errors);
  checkContainers(spec, errors);
  checkChoice("spec.restartPolicy", spec.restartPolicy, RESTART_POLICIES, errors);
  checkChoice("spec.dnsPolicy", spec.dnsPolicy, DNS_POLICIES, errors);
  checkChoice("spec.preemptionPolicy", spec.preemptionPolicy, PREEMPTION_POLICIES, errors);
  checkSeconds(spec, errors);
  checkNames(spec, errors);
  if (spec.nodeSelector !== undefined) checkLabels("spec.nodeSelector", spec.nodeSelector, errors);
  if (spec.tolerations !== undefined) checkTolerations(spec.tolerations, errors);
  checkPlacement(spec, errors);
  if (spec.overhead !== undefined) checkQuantities("spec.overhead", spec.overhead, errors);
}

function checkChoice(
  field: string,
  value: string | undefined,
  choices: readonly string[],
  errors: FieldError[],
): void {
  if (value !== undefined && !choices.includes(value)) errors.push(notSupported(field, value, choices));
}

function checkSeconds(spec: PodSpec, errors: FieldError[]): void {
  const { terminationGracePeriodSeconds: grace, activeDeadlineSeconds: deadline } = spec;
  if (grace !== undefined && grace < 0) {
    errors.push(invalidValue("spec.terminationGracePeriodSeconds", grace, NOT_NEGATIVE));
  }
  if (deadline !== undefined && (deadline < 1 || deadline > LARGEST_INT32)) {
    const detail = `must be between 1 and ${LARGEST_INT32}, inclusive`;
    errors.push(invalidValue("spec.activeDeadlineSeconds", deadline, detail));
  }
}

const NAME_FIELDS = ["nodeName", "schedulerName", "serviceAccountName", "priorityClassName"] as const;

function checkNames(spec: PodSpec, errors: FieldError[]): void {
  for (const field of NAME_FIELDS) {
    const name = spec[field];
    if (name === undefined || name === "") continue;
    const fault = dnsSubdomainFault(name);
    if (fault !== undefined) errors.push(invalidValue(`spec.${field}`, name, fault));
  }
  for (const [index, gate] of (spec.schedulingGates ?? []).entries()) {
    if (!gate.name) errors.push(requiredValue(`spec.schedulingGates[${index}].name`));
  }
}

/** Where the pod may and would like to be. */
function checkPlacement({ affinity = {}, topologySpreadConstraints }: PodSpec, errors: FieldError[]): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity !== undefined) checkNodeAffinity(nodeAffinity, errors);
  if (podAffinity !== undefined) checkPodAffinity("spec.affinity.podAffinity", podAffinity, errors);
  if (podAntiAffinity !== undefined) {
    checkPodAffinity("spec.affinity.podAntiAffinity", podAntiAffinity, errors);
  }
  if (topologySpreadConstraints !== undefined) checkSpread(topologySpreadConstraints, errors);
}
