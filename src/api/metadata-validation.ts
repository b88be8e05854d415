import type { FieldError } from "./errors.ts";
import { invalidValue, requiredValue, tooLong } from "./field-errors.ts";
import type { ObjectMeta, OwnerReference } from "./meta.ts";
import { dnsSubdomainFault, labelValueFault, qualifiedNameFaults } from "./names.ts";

/** All annotations of an object together, keys and values. */
const ANNOTATIONS_BYTES = 256 * 1_024;

/** How the metadata of one kind differs from that of most. */
export interface MetadataRules {
  /** What is wrong with a name of this kind; most are DNS-1123 subdomains. */
  readonly nameFault?: (name: string) => string | undefined;
  /** Finalizers need no domain, as those of custom resources. */
  readonly hasPlainFinalizers?: boolean;
}

/**
 * Rules that the metadata of every kind keeps (ValidateObjectMeta and ValidateObjectMetaUpdate of
 * k8s.io/apimachinery). What did not change since `old` is not looked at again.
 */
export function validateMetadata(
  metadata: ObjectMeta,
  old: ObjectMeta | undefined,
  { nameFault = dnsSubdomainFault, hasPlainFinalizers = false }: MetadataRules = {},
): FieldError[] {
  if (metadata === old) return [];
  const errors: FieldError[] = [];
  if (old === undefined) checkName(metadata, nameFault, errors);
  if (metadata.labels !== old?.labels) checkLabels("metadata.labels", metadata.labels, errors);
  if (metadata.annotations !== old?.annotations) {
    checkAnnotations("metadata.annotations", metadata.annotations, errors);
  }
  if (metadata.ownerReferences !== undefined && metadata.ownerReferences !== old?.ownerReferences) {
    checkOwnerReferences(metadata.ownerReferences, errors);
  }
  if (metadata.finalizers !== undefined && metadata.finalizers !== old?.finalizers) {
    if (old === undefined) checkNewFinalizers(metadata.finalizers, errors);
    if (!hasPlainFinalizers) checkFinalizers(metadata.finalizers, errors);
  }
  return errors;
}

/** A name with or without a domain in front: keys of labels, conditions, gates, resources. */
export function checkQualifiedName(field: string, name: string, errors: FieldError[]): void {
  for (const fault of qualifiedNameFaults(name)) errors.push(invalidValue(field, name, fault));
}

/** Label syntax, also for node selectors. */
export function checkLabels(
  field: string,
  labels: Readonly<Record<string, string>> | undefined,
  errors: FieldError[],
): void {
  for (const key in labels) {
    checkQualifiedName(field, key, errors);
    const value = labels[key] as string;
    const valueFault = labelValueFault(value);
    if (valueFault !== undefined) errors.push(invalidValue(field, value, valueFault));
  }
}

function checkName(
  { generateName, name }: ObjectMeta,
  nameFault: (name: string) => string | undefined,
  errors: FieldError[],
): void {
  if (generateName) {
    const fault = nameFault(withoutEnd(generateName));
    if (fault !== undefined) errors.push(invalidValue("metadata.generateName", generateName, fault));
  }
  if (name === "") {
    errors.push(requiredValue("metadata.name", "name or generateName is required"));
    return;
  }
  const fault = nameFault(name);
  if (fault !== undefined) errors.push(invalidValue("metadata.name", name, fault));
}

/** What names are generated from may end with a dash: it is looked at as if it went on (maskTrailingDash). */
function withoutEnd(generateName: string): string {
  return generateName.length > 1 && generateName.endsWith("-")
    ? `${generateName.slice(0, -2)}a`
    : generateName;
}

/** Keys are as those of labels, whatever their case; all together must not be too long. */
export function checkAnnotations(
  field: string,
  annotations: ObjectMeta["annotations"],
  errors: FieldError[],
): void {
  let bytes = 0;
  for (const key in annotations) {
    for (const fault of qualifiedNameFaults(key.toLowerCase())) errors.push(invalidValue(field, key, fault));
    bytes += Buffer.byteLength(key) + Buffer.byteLength(annotations[key] as string);
  }
  if (bytes > ANNOTATIONS_BYTES) errors.push(tooLong(field, ANNOTATIONS_BYTES));
}

const STANDARD_FINALIZERS = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** A finalizer without a domain must be one of Kubernetes' own (validateKubeFinalizerName). */
function checkFinalizers(finalizers: readonly string[], errors: FieldError[]): void {
  for (const [index, finalizer] of finalizers.entries()) {
    checkFinalizerDomain(`metadata.finalizers[${index}]`, finalizer, errors);
  }
}

/** The same for one finalizer, also of a namespace's own. */
export function checkFinalizerDomain(field: string, finalizer: string, errors: FieldError[]): void {
  if (finalizer.includes("/") || STANDARD_FINALIZERS.has(finalizer)) return;
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  errors.push(invalidValue(field, finalizer, detail));
}

/** ValidateFinalizers: names, and no two that contradict each other. */
function checkNewFinalizers(finalizers: readonly string[], errors: FieldError[]): void {
  for (const finalizer of finalizers) {
    checkQualifiedName("metadata.finalizers", finalizer, errors);
  }
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    const detail = "finalizer orphan and foregroundDeletion cannot be both set";
    errors.push(invalidValue("metadata.finalizers", finalizers, detail));
  }
}

const OWNERS = "metadata.ownerReferences";

/** ValidateOwnerReferences, which does not say which of the references it means. */
function checkOwnerReferences(owners: readonly OwnerReference[], errors: FieldError[]): void {
  let controller: string | undefined;
  for (const owner of owners) {
    checkOwner(owner, errors);
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === undefined) {
      controller = name;
      continue;
    }
    const detail =
      'Only one reference can have Controller set to true. Found "true" in references for ' +
      `${controller} and ${name}`;
    errors.push(invalidValue(OWNERS, owners, detail));
  }
}

function checkOwner(owner: OwnerReference, errors: FieldError[]): void {
  const { apiVersion = "", kind = "" } = owner;
  if (apiVersion.endsWith("/") || apiVersion === "" || apiVersion.split("/").length > 2) {
    errors.push(invalidValue(`${OWNERS}.apiVersion`, apiVersion, "version must not be empty"));
  }
  for (const part of ["kind", "name", "uid"] as const) {
    if (!owner[part]) errors.push(invalidValue(`${OWNERS}.${part}`, owner[part] ?? "", "must not be empty"));
  }
  if (apiVersion === "v1" && kind === "Event") {
    errors.push(invalidValue(OWNERS, owner, "/v1, Kind=Event is disallowed from being an owner"));
  }
}
