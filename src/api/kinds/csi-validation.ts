import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import {
  duplicateValue,
  forbidden,
  IMMUTABLE,
  invalidValue,
  NOT_NEGATIVE,
  notSupported,
  requiredValue,
  tooLong,
} from "../field-errors.ts";
import { checkQualifiedName, validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault } from "../names.ts";
import type { CsiDriver, CsiNode, CsiNodeDriver, VolumeAttachment } from "./csi.ts";

const DRIVER_NAME_LENGTH = 63;
const NODE_ID_LENGTH = 256;
const GROUP_POLICIES = ["File", "None", "ReadWriteOnceWithFSType"];
const LIFECYCLE_MODES = ["Persistent", "Ephemeral"];
const LEAST_TOKEN_SECONDS = 600;
const MOST_TOKEN_SECONDS = 2 ** 32;
const LEAST_PERIOD_SECONDS = 10;
const DRIVERS = "spec.drivers";

/** ValidateCSIDriver and ValidateCSIDriverUpdate (pkg/apis/storage/validation). */
export function validateDriver({ metadata, spec }: CsiDriver, old?: CsiDriver): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  const {
    fsGroupPolicy,
    tokenRequests = [],
    volumeLifecycleModes,
    nodeAllocatableUpdatePeriodSeconds,
  } = spec;
  if (!GROUP_POLICIES.includes(fsGroupPolicy)) {
    errors.push(notSupported("spec.fsGroupPolicy", fsGroupPolicy, GROUP_POLICIES));
  }
  checkTokenRequests(tokenRequests, errors);
  for (const mode of volumeLifecycleModes) {
    if (LIFECYCLE_MODES.includes(mode)) continue;
    errors.push(notSupported("spec.volumeLifecycleModes", mode, LIFECYCLE_MODES));
  }
  const period = nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < LEAST_PERIOD_SECONDS) {
    const detail = `must be greater than or equal to ${LEAST_PERIOD_SECONDS} seconds`;
    errors.push(invalidValue("spec.nodeAllocatableUpdatePeriodSeconds", period, detail));
  }
  if (old === undefined) return errors;
  // The field without its right name is Kubernetes' own.
  if (spec.attachRequired !== old.spec.attachRequired) {
    errors.push(invalidValue("spec.attachedRequired", spec.attachRequired, IMMUTABLE));
  }
  if (!deepEqual(volumeLifecycleModes, old.spec.volumeLifecycleModes)) {
    errors.push(invalidValue("spec.volumeLifecycleModes", volumeLifecycleModes, IMMUTABLE));
  }
  return errors;
}

function checkTokenRequests(
  requests: NonNullable<CsiDriver["spec"]["tokenRequests"]>,
  errors: FieldError[],
): void {
  const audiences = new Set<string>();
  for (const [index, { audience, expirationSeconds }] of requests.entries()) {
    const field = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) {
      errors.push(duplicateValue(`${field}.audience`, audience));
      continue;
    }
    audiences.add(audience);
    if (expirationSeconds === undefined) continue;
    const refuse = (detail: string) =>
      errors.push(invalidValue(`${field}.expirationSeconds`, expirationSeconds, detail));
    if (expirationSeconds < LEAST_TOKEN_SECONDS) refuse("may not specify a duration less than 10 minutes");
    if (expirationSeconds > MOST_TOKEN_SECONDS) {
      refuse("may not specify a duration larger than 2^32 seconds");
    }
  }
}

/** ValidateCSINode and ValidateCSINodeUpdate. A driver comes and goes, and does not change between. */
export function validateNode({ metadata, spec }: CsiNode, old?: CsiNode): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  const { drivers = [] } = spec ?? {};
  const names = new Set<string>();
  for (const [index, driver] of drivers.entries()) {
    const field = `${DRIVERS}[${index}]`;
    checkDriver(field, driver, errors);
    if (names.has(driver.name)) errors.push(duplicateValue(`${field}.name`, driver.name));
    names.add(driver.name);
    checkTopologyKeys(field, driver.topologyKeys ?? [], errors);
  }
  for (const before of old?.spec?.drivers ?? []) {
    for (const driver of drivers) {
      if (driver.name !== before.name || deepEqual(driver, before)) continue;
      errors.push(invalidValue(DRIVERS, driver, IMMUTABLE));
    }
  }
  return errors;
}

function checkDriver(
  field: string,
  { name, nodeID, allocatable }: CsiNodeDriver,
  errors: FieldError[],
): void {
  checkDriverName(`${field}.name`, name, errors);
  if (!nodeID) errors.push(requiredValue(`${field}.nodeID`));
  else if (nodeID.length > NODE_ID_LENGTH) {
    errors.push(invalidValue(`${field}.nodeID`, nodeID, `must be ${NODE_ID_LENGTH} characters or less`));
  }
  const { count } = allocatable ?? {};
  if (count !== undefined && count < 0) {
    errors.push(invalidValue(`${field}.allocatable.count`, count, NOT_NEGATIVE));
  }
}

function checkTopologyKeys(field: string, keys: readonly string[], errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (key === "") errors.push(requiredValue(field));
    if (seen.has(key)) errors.push(duplicateValue(field, key));
    seen.add(key);
    checkQualifiedName(field, key, errors);
  }
}

/** ValidateVolumeAttachment, its rules for v1 and those of a change. */
export function validateAttachment(
  attachment: VolumeAttachment,
  old?: VolumeAttachment,
): readonly FieldError[] {
  const { metadata, spec } = attachment;
  const errors = validateMetadata(metadata, old?.metadata);
  const { attacher, nodeName = "", source = {} } = spec ?? {};
  if (!attacher) errors.push(requiredValue("spec.attacher"));
  checkSource(source, errors);
  const fault = dnsSubdomainFault(nodeName);
  if (fault !== undefined) errors.push(invalidValue("spec.nodeName", nodeName, fault));
  if (old !== undefined) {
    if (!deepEqual(spec, old.spec)) errors.push(invalidValue("spec", spec, IMMUTABLE));
    return errors;
  }
  checkDriverName("spec.attacher", attacher, errors);
  const volume = source.persistentVolumeName;
  const volumeFault = volume === undefined ? undefined : dnsSubdomainFault(volume);
  if (volumeFault !== undefined) {
    errors.push(invalidValue("spec.source.persistentVolumeName", volume, volumeFault));
  }
  return errors;
}

function checkSource(
  { persistentVolumeName, inlineVolumeSpec }: VolumeAttachment["spec"]["source"],
  errors: FieldError[],
): void {
  const detail = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined) {
    errors.push(requiredValue("spec.source", detail));
  } else if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined) {
    errors.push(forbidden("spec.source", detail));
  } else if (persistentVolumeName === "") {
    const empty = "must specify non empty persistentVolumeName";
    errors.push(requiredValue("spec.source.persistentVolumeName", empty));
  }
}

/** ValidateCSIDriverName of pkg/apis/core/validation. */
function checkDriverName(field: string, name = "", errors: FieldError[]): void {
  if (name === "") errors.push(requiredValue(field));
  if (name.length > DRIVER_NAME_LENGTH) errors.push(tooLong(field, DRIVER_NAME_LENGTH));
  const fault = dnsSubdomainFault(name.toLowerCase());
  if (fault !== undefined) errors.push(invalidValue(field, name, fault));
}
