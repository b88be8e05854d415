import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { dnsSubdomainFault } from "../names.ts";
import { canonicalQuantity, parseQuantity } from "../quantity.ts";

/*
 * What volumes and claims have in common.
 */

/** What a volume, or a claim to one, says of its class, its modes and its kind. */
export interface VolumeTraits {
  readonly accessModes?: readonly string[];
  readonly storageClassName?: string;
  readonly volumeMode?: string;
}

/** Sorted, as refusals name them. */
const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES = ["Block", "Filesystem"];

const SHORT: readonly (readonly [string, string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

/** Access modes as tables show them: `RWO,RWX`. */
export function shortAccessModes(modes: readonly string[] | undefined): string {
  return SHORT.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

/** Rules of pkg/apis/core/validation that are the same for volumes and claims. */
export function checkAccessModes({ accessModes = [] }: VolumeTraits, errors: FieldError[]): void {
  for (const mode of accessModes) {
    if (!ACCESS_MODES.includes(mode)) errors.push(notSupported("spec.accessModes", mode, ACCESS_MODES));
  }
  const others = accessModes.filter((mode) => mode !== "ReadWriteOncePod" && ACCESS_MODES.includes(mode));
  if (others.length > 0 && accessModes.includes("ReadWriteOncePod")) {
    errors.push(forbidden("spec.accessModes", "may not use ReadWriteOncePod with other access modes"));
  }
}

/** What comes after what a volume or claim holds. */
export function checkClassAndMode(
  { storageClassName, volumeMode }: VolumeTraits,
  errors: FieldError[],
): void {
  const fault = storageClassName ? dnsSubdomainFault(storageClassName) : undefined;
  if (fault !== undefined) errors.push(invalidValue("spec.storageClassName", storageClassName, fault));
  if (volumeMode !== undefined && !VOLUME_MODES.includes(volumeMode)) {
    errors.push(notSupported("spec.volumeMode", volumeMode, VOLUME_MODES));
  }
}

/** Storage is more than nothing. */
export function checkStorage(field: string, quantity: string | undefined, errors: FieldError[]): void {
  if (quantity === undefined) errors.push(requiredValue(field));
  else if ((parseQuantity(quantity) ?? 0) <= 0) {
    errors.push(invalidValue(field, canonicalQuantity(quantity), "must be greater than zero"));
  }
}
