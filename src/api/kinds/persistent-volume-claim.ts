import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, IMMUTABLE, invalidValue, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import { checkLabelSelector, type LabelSelector } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { parseQuantity } from "../quantity.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { claimWarnings } from "./storage-warnings.ts";
import {
  checkAccessModes,
  checkClassAndMode,
  checkStorage,
  shortAccessModes,
  type VolumeTraits,
} from "./volume-fields.ts";

/** v1.PersistentVolumeClaim: what pods ask for storage by. */
export interface PersistentVolumeClaim extends KubeObject {
  readonly spec: PersistentVolumeClaimSpec;
  readonly status: PersistentVolumeClaimStatus;
}

export interface PersistentVolumeClaimSpec extends VolumeTraits {
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  readonly selector?: LabelSelector;
  readonly volumeName?: string;
  readonly volumeAttributesClassName?: string;
}

export interface PersistentVolumeClaimStatus {
  readonly phase?: "Pending" | "Bound" | "Lost";
  readonly accessModes?: readonly string[];
  readonly capacity?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
}

const UNSET = "<unset>";

export const persistentVolumeClaims: Kind<PersistentVolumeClaim> = {
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  singular: "persistentvolumeclaim",
  shortNames: ["pvc"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.PersistentVolumeClaim",
  statusSubresource: true,
  columns: [
    NAME,
    text("Status", "Whether it has a volume.", ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined ? (status.phase ?? "") : "Terminating",
    ),
    text("Volume", "The volume it has.", ({ spec }) => spec.volumeName ?? ""),
    text("Capacity", "How much the volume holds.", ({ spec, status }) =>
      spec.volumeName ? (status.capacity?.storage ?? "0") : "",
    ),
    text("Access Modes", "How the volume can be used.", ({ spec, status }) =>
      spec.volumeName ? shortAccessModes(status.accessModes) : "",
    ),
    text("StorageClass", "The class it asks for.", ({ spec }) => spec.storageClassName ?? ""),
    text(
      "VolumeAttributesClass",
      "The attributes it asks for.",
      ({ spec }) => spec.volumeAttributesClassName ?? UNSET,
    ),
    AGE,
    { ...text("VolumeMode", "File system or device.", ({ spec }) => spec.volumeMode ?? UNSET), priority: 1 },
  ],
  selectableFields: {},
  setDefaults: setClaimDefaults,
  prepareForCreate: (claim) => ({ ...claim, status: { phase: "Pending" } }),
  validate: validateClaim,
  warnings: claimWarnings,
};

/** How much storage a claim asks for, in bytes. */
export function requestedStorage({ spec }: PersistentVolumeClaim): number {
  return parseQuantity(spec.resources?.requests?.storage ?? "0") ?? 0;
}

/** What a claim may leave out, also where it is a template. */
export function claimSpecDefaults(spec: PersistentVolumeClaimSpec | undefined): PersistentVolumeClaimSpec {
  return spec?.volumeMode === undefined ? { ...spec, volumeMode: "Filesystem" } : spec;
}

/** Rules of ValidatePersistentVolumeClaimSpec; fields are named from `spec` on. */
export function claimSpecFaults(spec: PersistentVolumeClaimSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.accessModes?.length) {
    errors.push(requiredValue("spec.accessModes", "at least 1 access mode is required"));
  }
  if (spec.selector !== undefined) checkLabelSelector("spec.selector", spec.selector, errors);
  checkAccessModes(spec, errors);
  checkStorage("spec.resources[storage]", spec.resources?.requests?.storage, errors);
  checkClassAndMode(spec, errors);
  return errors;
}

function text(name: string, description: string, cell: (claim: PersistentVolumeClaim) => string) {
  return textColumn(name, description, cell);
}

function setClaimDefaults(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const spec = claimSpecDefaults(claim.spec);
  if (spec === claim.spec && claim.status?.phase !== undefined) return claim;
  return { ...claim, spec, status: { phase: "Pending", ...claim.status } };
}

function validateClaim(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(claim.metadata, old?.metadata);
  if (claim.spec === old?.spec) return errors;
  errors.push(...claimSpecFaults(claim.spec));
  if (old !== undefined) checkUpdate(claim, old, errors);
  return errors;
}

const FIXED =
  "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/** A claim can be given a volume or a class once, and ask for more when it is bound; never for less than it has. */
function checkUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: FieldError[]): void {
  const isBound = old.status.phase === "Bound";
  const compared = { ...claim.spec };
  if (!old.spec.volumeName) compared.volumeName = old.spec.volumeName as string;
  if (old.spec.storageClassName === undefined) Reflect.deleteProperty(compared, "storageClassName");
  if (compared.volumeName === undefined) Reflect.deleteProperty(compared, "volumeName");
  if (isBound) {
    compared.resources = withStorage(claim, old.spec.resources?.requests?.storage);
    compared.volumeAttributesClassName = old.spec.volumeAttributesClassName as string;
    if (compared.volumeAttributesClassName === undefined) {
      Reflect.deleteProperty(compared, "volumeAttributesClassName");
    }
  }
  if (!deepEqual(compared, old.spec)) errors.push(forbidden("spec", FIXED));
  const had = parseQuantity(old.status.capacity?.storage ?? "0") ?? 0;
  if (requestedStorage(claim) < requestedStorage(old) && requestedStorage(claim) <= had) {
    errors.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
  }
  if (claim.spec.volumeMode !== old.spec.volumeMode) {
    errors.push(invalidValue("volumeMode", claim.spec.volumeMode, IMMUTABLE));
  }
}

function withStorage({ spec }: PersistentVolumeClaim, storage = "") {
  return { ...spec.resources, requests: { ...spec.resources?.requests, storage } };
}
