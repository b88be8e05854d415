import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkLabels, checkQualifiedName, validateMetadata } from "../metadata-validation.ts";
import { dnsLabelFault, dnsSubdomainFault } from "../names.ts";
import { hasOwnVolumes } from "../token-volume.ts";
import { checkHostNetworkPorts } from "./container-ports-validation.ts";
import { checkContainers, checkImages } from "./container-validation.ts";
import type { Pod, PodSpec, Volume } from "./pod.ts";
import { checkNodeAffinity } from "./pod-affinity-validation.ts";
import { checkDnsConfig, checkHostAliases } from "./pod-network-validation.ts";
import { checkPodAffinity, checkSpread } from "./pod-spread-validation.ts";
import { checkTolerations } from "./pod-tolerations-validation.ts";
import { validatePodUpdate } from "./pod-update-validation.ts";
import { checkResources } from "./resource-validation.ts";
import { checkPodSecurityContext } from "./security-context-validation.ts";
import { checkVolumes } from "./volume-validation.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const PREEMPTION_POLICIES = ["PreemptLowerPriority", "Never"];
const LARGEST_INT32 = 2 ** 31 - 1;

/**
 * The rules of pkg/apis/core/validation (ValidatePodCreate, ValidatePodUpdate). An image is not asked for: simulated
 * containers need none.
 */
export function validatePod(pod: Pod, old: Pod | undefined): readonly FieldError[] {
  const errors = validateMetadata(pod.metadata, old?.metadata);
  const { annotations } = pod.metadata;
  if (annotations !== old?.metadata.annotations)
    checkPodAnnotations("metadata.annotations", annotations, errors);
  const { spec } = pod;
  if (spec === old?.spec) return errors;
  checkPodSpec(spec, errors, pod.metadata.name);
  checkImages("spec.containers", spec.containers, errors);
  if (spec.initContainers !== undefined) checkImages("spec.initContainers", spec.initContainers, errors);
  if (old === undefined) checkNew(spec, errors);
  else errors.push(...validatePodUpdate(spec, old.spec));
  return errors;
}

function checkNew(spec: PodSpec, errors: FieldError[]): void {
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  }
  if (spec.nodeName && spec.schedulingGates?.length) {
    errors.push(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
  }
}

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const INT32 = /^(?:0|-?[1-9]\d{0,9})$/;

/** Annotations that mean something to Kubernetes (ValidatePodSpecificAnnotations). */
export function checkPodAnnotations(
  field: string,
  annotations: Readonly<Record<string, string>> | undefined,
  errors: FieldError[],
): void {
  const cost = annotations?.[DELETION_COST];
  if (cost === undefined || (INT32.test(cost) && Math.abs(Number(cost)) <= LARGEST_INT32)) return;
  errors.push(invalidValue(`${field}[${DELETION_COST}]`, cost, "must be a 32bit integer"));
}

/** The rules of a pod's spec; fields are named from `spec` on. `podName` is left out for templates. */
export function checkPodSpec(spec: PodSpec, errors: FieldError[], podName?: string): void {
  checkContainers(spec, volumesOf(spec, podName, errors), errors);
  if (spec.hostNetwork === true) checkHostNetworkPorts(spec, errors);
  checkChoice("spec.restartPolicy", spec.restartPolicy, RESTART_POLICIES, errors);
  checkChoice("spec.dnsPolicy", spec.dnsPolicy, DNS_POLICIES, errors);
  if (spec.nodeSelector !== undefined) checkLabels("spec.nodeSelector", spec.nodeSelector, errors);
  if (isUnusual(spec)) checkPodSecurityContext(spec, errors);
  if (spec.affinity !== undefined) checkAffinity(spec.affinity, errors);
  if (spec.dnsConfig !== undefined || spec.dnsPolicy === "None") checkDnsConfig(spec, errors);
  checkGates(spec, errors);
  if (spec.topologySpreadConstraints !== undefined) checkSpread(spec.topologySpreadConstraints, errors);
  if (spec.hostUsers === false) checkOwnUsers(spec, errors);
  checkName("spec.serviceAccountName", spec.serviceAccountName, dnsSubdomainFault, errors);
  checkName("spec.nodeName", spec.nodeName, dnsSubdomainFault, errors);
  checkSeconds(spec, errors);
  checkName("spec.hostname", spec.hostname, dnsLabelFault, errors);
  checkName("spec.subdomain", spec.subdomain, dnsLabelFault, errors);
  if (spec.tolerations !== undefined) checkTolerations("spec.tolerations", spec.tolerations, errors);
  if (spec.hostAliases !== undefined) checkHostAliases(spec, errors);
  checkName("spec.priorityClassName", spec.priorityClassName, dnsSubdomainFault, errors);
  if (spec.runtimeClassName === "") errors.push(invalidValue("spec.runtimeClassName", "", NO_SUBDOMAIN));
  else checkName("spec.runtimeClassName", spec.runtimeClassName, dnsSubdomainFault, errors);
  checkChoice("spec.preemptionPolicy", spec.preemptionPolicy, PREEMPTION_POLICIES, errors);
  if (spec.overhead !== undefined) checkResources("spec.overhead", { limits: spec.overhead }, errors);
  if (spec.os !== undefined) checkSystem(spec.os.name, errors);
}

const NO_SUBDOMAIN = dnsSubdomainFault("") as string;
/** Pods of one account share their volume, and what containers may mount of it. */
const TOKEN_VOLUMES = new WeakMap<readonly Volume[], ReadonlyMap<string, Volume>>();

function volumesOf(
  spec: PodSpec,
  podName: string | undefined,
  errors: FieldError[],
): ReadonlyMap<string, Volume> {
  const { volumes } = spec;
  if (volumes === undefined || hasOwnVolumes(spec)) return checkVolumes(volumes, podName, errors);
  const known = TOKEN_VOLUMES.get(volumes);
  if (known !== undefined) return known;
  const made = new Map(volumes.map((volume) => [volume.name, volume]));
  TOKEN_VOLUMES.set(volumes, made);
  return made;
}

/** Nearly all pods have a security context that says nothing. */
function isUnusual({ securityContext, hostPID }: PodSpec): boolean {
  for (const _ in securityContext) return true;
  return hostPID === true;
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
  const { activeDeadlineSeconds: deadline } = spec;
  if (deadline === undefined || (deadline >= 1 && deadline <= LARGEST_INT32)) return;
  const detail = `must be between 1 and ${LARGEST_INT32}, inclusive`;
  errors.push(invalidValue("spec.activeDeadlineSeconds", deadline, detail));
}

function checkName(
  field: string,
  name: string | undefined,
  faultOf: (name: string) => string | undefined,
  errors: FieldError[],
): void {
  const fault = name ? faultOf(name) : undefined;
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}

/** What must be true for a pod to be ready, and what holds it back from being placed. */
function checkGates({ readinessGates, schedulingGates }: PodSpec, errors: FieldError[]): void {
  for (const [index, { conditionType = "" }] of (readinessGates ?? []).entries()) {
    checkQualifiedName(`spec.readinessGates[${index}].conditionType`, conditionType, errors);
  }
  const seen = new Set<string>();
  for (const [index, { name = "" }] of (schedulingGates ?? []).entries()) {
    const field = `spec.schedulingGates[${index}]`;
    checkQualifiedName(field, name, errors);
    if (seen.has(name)) errors.push(duplicateValue(field, name));
    seen.add(name);
  }
}

/** Where the pod may and would like to be. */
function checkAffinity(affinity: NonNullable<PodSpec["affinity"]>, errors: FieldError[]): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity !== undefined) checkNodeAffinity(nodeAffinity, errors);
  if (podAffinity !== undefined) checkPodAffinity("spec.affinity.podAffinity", podAffinity, errors);
  if (podAntiAffinity !== undefined) {
    checkPodAffinity("spec.affinity.podAntiAffinity", podAntiAffinity, errors);
  }
}

/** A pod with users of its own shares nothing else with its node (validateHostUsers). */
function checkOwnUsers({ hostNetwork, hostPID, hostIPC }: PodSpec, errors: FieldError[]): void {
  const shared = { hostNetwork, HostPID: hostPID, HostIPC: hostIPC };
  for (const [field, isShared] of Object.entries(shared)) {
    if (isShared === true) errors.push(forbidden(`spec.${field}`, "when `pod.Spec.HostUsers` is false"));
  }
}

const SYSTEMS = ["linux", "windows"];

function checkSystem(name: string | undefined, errors: FieldError[]): void {
  if (!name) errors.push(requiredValue("spec.os.name", "cannot be empty"));
  else if (!SYSTEMS.includes(name)) errors.push(notSupported("spec.os", name, SYSTEMS));
}
