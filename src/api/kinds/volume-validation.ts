import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, notFoundValue, requiredValue } from "../field-errors.ts";
import { dnsLabelFault } from "../names.ts";
import type { Container, Volume } from "./pod.ts";

/** Volumes of a pod (pkg/apis/core/validation, ValidateVolumes): names, and one type each. */
export function checkVolumes(volumes: readonly Volume[], errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [index, { name, ...source }] of volumes.entries()) {
    const field = `spec.volumes[${index}]`;
    const types = Object.entries(source).filter(([, value]) => value !== undefined);
    for (const [extra] of types.slice(1)) {
      errors.push(forbidden(`${field}.${extra}`, "may not specify more than 1 volume type"));
    }
    const fault = name ? dnsLabelFault(name) : undefined;
    if (!name) errors.push(requiredValue(`${field}.name`));
    else if (fault !== undefined) errors.push(invalidValue(`${field}.name`, name, fault));
    else if (seen.has(name)) errors.push(duplicateValue(`${field}.name`, name));
    seen.add(name);
  }
}

/** Where a container mounts volumes (ValidateVolumeMounts): volumes that there are, each place once. */
export function checkVolumeMounts(
  field: string,
  mounts: NonNullable<Container["volumeMounts"]>,
  volumes: readonly Volume[] | undefined,
  errors: FieldError[],
): void {
  const places = new Set<string>();
  for (const [index, { name, mountPath }] of mounts.entries()) {
    const at = `${field}.volumeMounts[${index}]`;
    if (!name) errors.push(requiredValue(`${at}.name`));
    else if (volumes?.some((volume) => volume.name === name) !== true) {
      errors.push(notFoundValue(`${at}.name`, name));
    }
    if (!mountPath) errors.push(requiredValue(`${at}.mountPath`));
    else if (places.has(mountPath)) {
      errors.push(invalidValue(`${at}.mountPath`, mountPath, "must be unique"));
    }
    places.add(mountPath);
  }
}
