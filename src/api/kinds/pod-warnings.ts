import type { KubeObject } from "../meta.ts";
import { dnsLabelFault } from "../names.ts";
import { fractionalBytes } from "./byte-warnings.ts";
import type { Container, PodSpec } from "./pod.ts";
import { affinityWarnings, nodeLabelWarnings } from "./pod-placement-warnings.ts";
import { portWarnings } from "./pod-port-warnings.ts";
import { volumeWarnings } from "./pod-volume-warnings.ts";

/** What is counted in whole bytes. */
const BYTES = ["memory", "ephemeral-storage"];
const SYSCTLS = 'non-functional in v1.11+; use the "sysctls" field instead';
/** Annotations of pods that mean nothing any more. */
const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod":
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": SYSCTLS,
  "security.alpha.kubernetes.io/unsafe-sysctls": SYSCTLS,
};
const SECCOMP_OF_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_OF_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR_OF_CONTAINER = "container.apparmor.security.beta.kubernetes.io/";
const SECCOMP_FIELD = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const APP_ARMOR_FIELD = 'deprecated since v1.30; use the "appArmorProfile" field instead';

/** A pod, or a template of some. */
interface PodLike {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

/**
 * What is taken of a pod and is hardly meant, in the words and order of pkg/api/pod/warnings.go. `prefix` stands before
 * `spec` and `metadata`, such as `spec.template.`.
 */
export function podWarnings(prefix: string, { metadata, spec }: PodLike): readonly string[] {
  const at = `${prefix}spec`;
  const annotations = metadata?.annotations ?? {};
  const warnings = [
    ...nodeLabelWarnings(at, spec),
    ...annotationWarnings(prefix, annotations),
    ...volumeWarnings(at, spec.volumes ?? []),
    ...repeatedWarnings(at, spec),
    ...fractionalBytes(`${at}.overhead`, spec.overhead, BYTES),
  ];
  const profiles = { prefix, annotations, ofPod: (spec.securityContext ?? {}) as Profiles };
  if (profiles.ofPod.seccompProfile === undefined && Object.hasOwn(annotations, SECCOMP_OF_POD)) {
    warnings.push(`${prefix}metadata.annotations[${SECCOMP_OF_POD}]: ${SECCOMP_FIELD}`);
  }
  for (const list of ["initContainers", "containers"] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      warnings.push(...profileWarnings(container, profiles));
      warnings.push(...containerWarnings(`${at}.${list}[${index}]`, container));
    }
  }
  warnings.push(...portWarnings(at, spec));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const detail = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${at}.terminationGracePeriodSeconds: ${detail}`);
  }
  warnings.push(...affinityWarnings(at, spec.affinity));
  return warnings;
}

/** How names of workloads are used. */
export const IN_NAMES = "Pod names and hostnames";

/** The same for what makes pods that have its name in theirs. */
export function workloadWarnings(
  workload: KubeObject & { readonly spec: { readonly template: PodLike } },
  old: KubeObject | undefined,
): readonly string[] {
  return [
    ...(old === undefined ? hostnameWarnings(workload.metadata.name, IN_NAMES) : []),
    ...podWarnings("spec.template.", workload.spec.template),
  ];
}

/** A new object whose name becomes part of hostnames, and cannot be; `used` says how. */
export function hostnameWarnings(name: string, used: string): readonly string[] {
  const fault = dnsLabelFault(name);
  if (fault === undefined) return [];
  const advice = `which can result in surprising behavior; a DNS label is recommended: [${fault}]`;
  return [`metadata.name: this is used in ${used}, ${advice}`];
}

function annotationWarnings(prefix: string, annotations: Readonly<Record<string, string>>): string[] {
  return Object.entries(OLD_ANNOTATIONS)
    .filter(([key]) => Object.hasOwn(annotations, key))
    .map(([key, message]) => `${prefix}metadata.annotations[${key}]: ${message}`);
}

function repeatedWarnings(at: string, { hostAliases = [], imagePullSecrets = [] }: PodSpec): string[] {
  const warnings: string[] = [];
  const addresses = new Set<string>();
  for (const [index, { ip = "" }] of hostAliases.entries()) {
    if (addresses.has(ip)) {
      warnings.push(`${at}.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`);
    }
    addresses.add(ip);
  }
  const names = new Set<string>();
  for (const [index, { name = "" }] of imagePullSecrets.entries()) {
    const field = `${at}.imagePullSecrets[${index}].name`;
    if (names.has(name)) warnings.push(`${field}: duplicate name ${JSON.stringify(name)}`);
    names.add(name);
  }
  for (const [index, { name }] of imagePullSecrets.entries()) {
    if (!name) warnings.push(`${at}.imagePullSecrets[${index}].name: invalid empty name ""`);
  }
  return warnings;
}

interface Profiles {
  readonly seccompProfile?: object;
  readonly appArmorProfile?: object;
}

interface PodProfiles {
  readonly prefix: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ofPod: Profiles;
}

/** Profiles that annotations name, as they did before there were fields for them. */
function profileWarnings(
  { name, securityContext }: Container,
  { prefix, annotations, ofPod }: PodProfiles,
): string[] {
  const warnings: string[] = [];
  const own = (securityContext ?? {}) as Profiles;
  const tell = (key: string, message: string) => {
    if (Object.hasOwn(annotations, key)) warnings.push(`${prefix}metadata.annotations[${key}]: ${message}`);
  };
  if (own.seccompProfile === undefined) tell(SECCOMP_OF_CONTAINER + name, SECCOMP_FIELD);
  if (own.appArmorProfile === undefined && ofPod.appArmorProfile === undefined) {
    tell(APP_ARMOR_OF_CONTAINER + name, APP_ARMOR_FIELD);
  }
  return warnings;
}

function containerWarnings(field: string, { resources, env }: Container): string[] {
  const warnings = [
    ...fractionalBytes(`${field}.resources.limits`, resources?.limits, BYTES),
    ...fractionalBytes(`${field}.resources.requests`, resources?.requests, BYTES),
  ];
  const names = new Set<string>();
  for (const [index, { name, value = "", valueFrom }] of (env ?? []).entries()) {
    // X=$(X):more builds on the one before.
    const own = `$(${name})`;
    const isHidden = valueFrom !== undefined || value === own || !value.includes(own);
    const detail = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
    if (names.has(name) && isHidden) warnings.push(`${field}.env[${index}]: ${detail}`);
    names.add(name);
  }
  return warnings;
}
