import type { FieldError } from "./errors.ts";
import { invalidValue, requiredValue, tooLong } from "./field-errors.ts";
import type { ObjectMeta, OwnerReference } from "./meta.ts";
import { dnsSubdomainFault, labelValueFault, qualifiedNameFault } from "./names.ts";

/** All annotations of an object together, keys and values. */
const ANNOTATIONS_BYTES = 256 * 1_024;

/**
 * Rules that the metadata of every kind keeps. What did not change since `old` is not looked at again.
 * @param nameFault what is wrong with a name of this kind; most are DNS-1123 subdomains.
 */
export function validateMetadata(
  metadata: ObjectMeta,
  old: ObjectMeta | undefined,
  nameFault: (name: string) => string | undefined = dnsSubdomainFault,
): FieldError[] {
  if (metadata === old) return [];
  const errors: FieldError[] = [];
  if (old === undefined) checkName(metadata.name, nameFault, errors);
  if (metadata.labels !== old?.labels) checkLabels("metadata.labels", metadata.labels, errors);
  if (metadata.annotations !== old?.annotations) checkAnnotations(metadata.annotations, errors);
  if (metadata.finalizers !== old?.finalizers) checkFinalizers(metadata.finalizers, errors);
  if (metadata.ownerReferences !== old?.ownerReferences) {
    checkOwnerReferences(metadata.ownerReferences, errors);
  }
  return errors;
}

/** Label syntax, also for node selectors. */
export function checkLabels(
  field: string,
  labels: Readonly<Record<string, string>> | undefined,
  errors: FieldError[],
): void {
  for (const key in labels) {
    const keyFault = qualifiedNameFault(key);
    if (keyFault !== undefined) errors.push(invalidValue(field, key, keyFault));
    const value = labels[key] as string;
    const valueFault = labelValueFault(value);
    if (valueFault !== undefined) errors.push(invalidValue(field, value, valueFault));
  }
}

function checkName(
  name: string,
  nameFault: (name: string) => string | undefined,
  errors: FieldError[],
): void {
  if (name === "") {
    errors.push(requiredValue("metadata.name", "name or generateName is required"));
    return;
  }
  const fault = nameFault(name);
  if (fault !== undefined) errors.push(invalidValue("metadata.name", name, fault));
}

function checkAnnotations(annotations: ObjectMeta["annotations"], errors: FieldError[]): void {
  let bytes = 0;
  for (const key in annotations) {
    const fault = qualifiedNameFault(key.toLowerCase());
    if (fault !== undefined) errors.push(invalidValue("metadata.annotations", key, fault));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(annotations[key] as string);
  }
  if (bytes > ANNOTATIONS_BYTES) errors.push(tooLong("metadata.annotations", ANNOTATIONS_BYTES));
}

const STANDARD_FINALIZERS = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** What is wrong with the name of a finalizer; undefined when nothing is (ValidateFinalizerName). */
export function finalizerFault(name: string): string | undefined {
  const fault = qualifiedNameFault(name);
  if (fault !== undefined || name.includes("/") || STANDARD_FINALIZERS.has(name)) return fault;
  return "name is neither a standard finalizer name nor is it fully qualified";
}

function checkFinalizers(finalizers: ObjectMeta["finalizers"], errors: FieldError[]): void {
  for (const finalizer of finalizers ?? []) {
    const fault = finalizerFault(finalizer);
    if (fault !== undefined) {
      errors.push(invalidValue("metadata.finalizers", finalizer, fault));
    }
  }
}

function checkOwnerReferences(owners: readonly OwnerReference[] | undefined, errors: FieldError[]): void {
  let controllers = 0;
  for (const [index, owner] of (owners ?? []).entries()) {
    for (const part of ["apiVersion", "kind", "name", "uid"] as const) {
      if (!owner[part]) {
        const field = `metadata.ownerReferences[${index}].${part}`;
        errors.push(invalidValue(field, owner[part] ?? "", "must not be empty"));
      }
    }
    if (owner.controller === true) controllers++;
  }
  if (controllers > 1) {
    const detail = "Only one reference can have Controller set to true.";
    errors.push(invalidValue("metadata.ownerReferences", owners, detail));
  }
}
