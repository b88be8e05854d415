import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, requiredValue } from "../field-errors.ts";
import { dnsLabelFault } from "../names.ts";
import { claimSpecFaults } from "./persistent-volume-claim.ts";
import type { PodSpec, Volume } from "./pod.ts";
import { type SourceCheck, VOLUME_SOURCES } from "./volume-source-validation.ts";

const NO_VOLUMES: ReadonlyMap<string, Volume> = new Map();

/**
 * Volumes of a pod (ValidateVolumes): names, and one source each. Returns those that containers may mount, which are
 * the sound ones.
 */
export function checkVolumes(
  volumes: PodSpec["volumes"],
  podName: string | undefined,
  errors: FieldError[],
): ReadonlyMap<string, Volume> {
  if (volumes === undefined) return NO_VOLUMES;
  const claims = volumes
    .filter(({ ephemeral }) => ephemeral !== undefined)
    .map(({ name }) => `${podName}-${name}`);
  const sound = new Map<string, Volume>();
  for (const [index, volume] of volumes.entries()) {
    const field = `spec.volumes[${index}]`;
    const { length } = errors;
    checkSources(field, volume, errors);
    checkName(`${field}.name`, volume.name, sound, errors);
    if (errors.length === length) sound.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (podName !== undefined && claim !== undefined && claims.includes(claim)) {
      const detail = "must not reference a PVC that gets created for an ephemeral volume";
      errors.push(invalidValue(`${field}.persistentVolumeClaim.claimName`, claim, detail));
    }
  }
  return sound;
}

function checkName(
  field: string,
  name: string,
  seen: ReadonlyMap<string, unknown>,
  errors: FieldError[],
): void {
  const fault = name ? dnsLabelFault(name) : undefined;
  if (!name) errors.push(requiredValue(field));
  else if (fault !== undefined) errors.push(invalidValue(field, name, fault));
  if (seen.has(name)) errors.push(duplicateValue(field, name));
}

/** validateVolumeSource: what a source says is looked at for the first of them alone. */
function checkSources(field: string, volume: Volume, errors: FieldError[]): void {
  let isGiven = false;
  for (const [source, check] of SOURCES) {
    const given = (volume as unknown as Readonly<Record<string, object | undefined>>)[source];
    if (given === undefined) continue;
    if (isGiven) errors.push(forbidden(`${field}.${source}`, "may not specify more than 1 volume type"));
    else check(`${field}.${source}`, given, errors);
    isGiven = true;
  }
  if (!isGiven) errors.push(requiredValue(field, "must specify a volume type"));
}

function checkEphemeral(field: string, source: object, errors: FieldError[]): void {
  const { volumeClaimTemplate: template } = source as NonNullable<Volume["ephemeral"]>;
  if (template === undefined) {
    errors.push(requiredValue(`${field}.volumeClaimTemplate`));
    return;
  }
  for (const fault of claimSpecFaults(template.spec)) {
    errors.push({ ...fault, field: `${field}.volumeClaimTemplate.${fault.field}` });
  }
}

const SOURCES: readonly (readonly [string, SourceCheck])[] = [
  ...VOLUME_SOURCES,
  ["ephemeral", checkEphemeral],
  ["image", () => undefined],
];
