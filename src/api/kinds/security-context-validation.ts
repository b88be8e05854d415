import type { FieldError } from "../errors.ts";
import { duplicateValue, invalidValue, notSupported, requiredValue, tooLong } from "../field-errors.ts";
import type { Container, PodSpec } from "./pod.ts";
import { checkDescendingPath } from "./volume-source-validation.ts";

const LARGEST_ID = 2 ** 32 - 1;
const PROFILES = ["Localhost", "RuntimeDefault", "Unconfined"];
const PROFILE_BYTES = 4_095;

interface Profile {
  readonly type?: string;
  readonly localhostProfile?: string;
}

/** v1.SecurityContext and what v1.PodSecurityContext has beside it, as far as it is checked. */
export interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly capabilities?: { readonly add?: readonly string[] };
  readonly procMount?: string;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly seccompProfile?: Profile;
  readonly appArmorProfile?: Profile;
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: string;
  readonly supplementalGroups?: readonly number[];
  readonly supplementalGroupsPolicy?: string;
  readonly seLinuxChangePolicy?: string;
  readonly sysctls?: readonly { readonly name?: string; readonly value?: string }[];
}

/** ValidateSecurityContext of pkg/apis/core/validation. */
export function checkSecurityContext(
  field: string,
  context: NonNullable<Container["securityContext"]>,
  hasHostUsers: boolean,
  errors: FieldError[],
): void {
  const { privileged, allowPrivilegeEscalation, capabilities, procMount } = context;
  checkId(`${field}.runAsUser`, context.runAsUser, errors);
  checkId(`${field}.runAsGroup`, context.runAsGroup, errors);
  checkOneOf(`${field}.procMount`, procMount, ["Default", "Unmasked"], errors);
  if (hasHostUsers && procMount === "Unmasked") {
    errors.push(invalidValue(`${field}.procMount`, procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
  if (context.seccompProfile !== undefined)
    checkSeccomp(`${field}.seccompProfile`, context.seccompProfile, errors);
  if (allowPrivilegeEscalation === false) {
    const refuse = (what: string) =>
      errors.push(
        invalidValue(field, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`),
      );
    if (privileged === true) refuse("`privileged` to true");
    if (capabilities?.add?.includes("CAP_SYS_ADMIN")) refuse("`capabilities.Add` CAP_SYS_ADMIN");
  }
  if (context.appArmorProfile !== undefined) {
    checkAppArmor(`${field}.appArmorProfile`, context.appArmorProfile, errors);
  }
}

/** validatePodSpecSecurityContext, for a context that says anything. */
export function checkPodSecurityContext({ securityContext, ...spec }: PodSpec, errors: FieldError[]): void {
  const context = securityContext ?? {};
  const field = "spec.securityContext";
  checkId(`${field}.fsGroup`, context.fsGroup, errors);
  checkId(`${field}.runAsUser`, context.runAsUser, errors);
  checkId(`${field}.runAsGroup`, context.runAsGroup, errors);
  for (const [index, group] of (context.supplementalGroups ?? []).entries()) {
    checkId(`${field}.supplementalGroups[${index}]`, group, errors);
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalidValue(`${field}.shareProcessNamespace`, true, detail));
  }
  checkSysctls(`${field}.sysctls`, context.sysctls ?? [], errors);
  checkOneOf(
    `${field}.fsGroupChangePolicy`,
    context.fsGroupChangePolicy,
    ["Always", "OnRootMismatch"],
    errors,
  );
  if (context.seccompProfile !== undefined)
    checkSeccomp(`${field}.seccompProfile`, context.seccompProfile, errors);
  if (context.appArmorProfile !== undefined) {
    checkAppArmor(`${field}.appArmorProfile`, context.appArmorProfile, errors);
  }
  checkOneOf(
    `${field}.supplementalGroupsPolicy`,
    context.supplementalGroupsPolicy,
    ["Merge", "Strict"],
    errors,
  );
  checkOneOf(
    `${field}.seLinuxChangePolicy`,
    context.seLinuxChangePolicy,
    ["MountOption", "Recursive"],
    errors,
  );
}

function checkOneOf(
  field: string,
  value: string | undefined,
  choices: readonly string[],
  errors: FieldError[],
): void {
  if (value !== undefined && !choices.includes(value)) errors.push(notSupported(field, value, choices));
}

function checkId(field: string, id: number | undefined, errors: FieldError[]): void {
  if (id === undefined || (id >= 0 && id <= LARGEST_ID)) return;
  errors.push(invalidValue(field, id, `must be between 0 and ${LARGEST_ID}, inclusive`));
}

const SYSCTL_BYTES = 253;
const SYSCTL = "([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const SYSCTL_PATTERN = new RegExp(`^${SYSCTL}$`);

function checkSysctls(
  field: string,
  sysctls: NonNullable<SecurityContext["sysctls"]>,
  errors: FieldError[],
): void {
  const seen = new Set<string>();
  for (const [index, { name }] of sysctls.entries()) {
    const at = `${field}[${index}].name`;
    if (!name) errors.push(requiredValue(at));
    else if (name.length > SYSCTL_BYTES || !SYSCTL_PATTERN.test(name)) {
      const detail = `must have at most ${SYSCTL_BYTES} characters and match regex ^${SYSCTL}$`;
      errors.push(invalidValue(at, name, detail));
    } else if (seen.has(name)) errors.push(duplicateValue(at, name));
    if (name) seen.add(name);
  }
}

function checkSeccomp(field: string, profile: Profile, errors: FieldError[]): void {
  const { type, localhostProfile } = profile;
  if (!type) errors.push(requiredValue(`${field}.type`, "type is required when seccompProfile is set"));
  else checkOneOf(`${field}.type`, type, PROFILES, errors);
  if (type === "Localhost") {
    const at = `${field}.localhostProfile`;
    if (localhostProfile !== undefined) checkDescendingPath(at, localhostProfile, errors);
    else errors.push(requiredValue(at, "must be set when seccomp type is Localhost"));
  } else if (localhostProfile !== undefined) {
    const detail = "can only be set when seccomp type is Localhost";
    errors.push(invalidValue(`${field}.localhostProfile`, profile, detail));
  }
}

/** ValidateAppArmorProfileField. */
function checkAppArmor(
  field: string,
  { type, localhostProfile: profile }: Profile,
  errors: FieldError[],
): void {
  const at = `${field}.localhostProfile`;
  if (!type) {
    errors.push(requiredValue(`${field}.type`, "type is required when appArmorProfile is set"));
  } else if (type !== "Localhost") {
    checkOneOf(`${field}.type`, type, PROFILES, errors);
    const isKnown = PROFILES.includes(type);
    const detail = "can only be set when AppArmor type is Localhost";
    if (isKnown && profile !== undefined) errors.push(invalidValue(at, profile, detail));
  } else if (profile === undefined || profile === "") {
    errors.push(requiredValue(at, "must be set when AppArmor type is Localhost"));
  } else {
    if (profile.trim() !== profile)
      errors.push(invalidValue(at, profile, "must not be padded with whitespace"));
    if (profile.length > PROFILE_BYTES) errors.push(tooLong(at, PROFILE_BYTES));
  }
}
