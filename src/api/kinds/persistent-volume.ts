import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, IMMUTABLE, invalidValue, NULL, notSupported, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { timestamp } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import type { NodeSelectorTerm } from "./pod.ts";
import { persistentVolumeWarnings } from "./storage-warnings.ts";
import {
  checkAccessModes,
  checkClassAndMode,
  checkStorage,
  shortAccessModes,
  type VolumeTraits,
} from "./volume-fields.ts";

/** v1.PersistentVolume: storage that one claim at a time can have. */
export interface PersistentVolume extends KubeObject {
  readonly spec: PersistentVolumeSpec;
  readonly status: PersistentVolumeStatus;
}

export interface PersistentVolumeSpec extends VolumeTraits {
  readonly capacity: Readonly<Record<string, string>>;
  readonly persistentVolumeReclaimPolicy?: "Delete" | "Retain" | "Recycle";
  readonly mountOptions?: readonly string[];
  readonly claimRef?: ClaimReference;
  readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] } };
  readonly volumeAttributesClassName?: string;
  readonly csi?: { readonly driver?: string; readonly volumeHandle?: string };
  readonly hostPath?: { readonly path?: string; readonly type?: string };
  readonly local?: { readonly path?: string };
}

/** The claim that has the volume, or for which it is kept; without uid nobody has it yet. */
interface ClaimReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface PersistentVolumeStatus {
  readonly phase?: VolumePhase;
  readonly message?: string;
  readonly reason?: string;
  readonly lastPhaseTransitionTime?: string;
}

export type VolumePhase = "Pending" | "Available" | "Bound" | "Released" | "Failed";

const UNSET = "<unset>";
const POLICIES = ["Delete", "Recycle", "Retain"];
/** Fields of the spec that are no sources of storage. */
const NO_SOURCES = new Set([
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
]);

export const persistentVolumes: Kind<PersistentVolume> = {
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  singular: "persistentvolume",
  shortNames: ["pv"],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.core.v1.PersistentVolume",
  statusSubresource: true,
  columns: [
    NAME,
    text("Capacity", "How much it holds.", ({ spec }) => spec.capacity.storage ?? ""),
    text("Access Modes", "How it can be used.", ({ spec }) => shortAccessModes(spec.accessModes)),
    text("Reclaim Policy", "What becomes of it.", ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ""),
    text("Status", "Whether a claim has it.", ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined ? (status.phase ?? "") : "Terminating",
    ),
    text("Claim", "The claim that has it.", ({ spec: { claimRef } }) =>
      claimRef === undefined ? "" : `${claimRef.namespace}/${claimRef.name}`,
    ),
    text("StorageClass", "The class it belongs to.", ({ spec }) => spec.storageClassName ?? ""),
    text(
      "VolumeAttributesClass",
      "The attributes it has.",
      ({ spec }) => spec.volumeAttributesClassName ?? UNSET,
    ),
    text("Reason", "Why it has failed.", ({ status }) => status.reason ?? ""),
    AGE,
    { ...text("VolumeMode", "File system or device.", ({ spec }) => spec.volumeMode ?? UNSET), priority: 1 },
  ],
  selectableFields: {},
  setDefaults: setVolumeDefaults,
  prepareForCreate: (volume, now) => ({
    ...volume,
    status: { phase: "Pending", lastPhaseTransitionTime: timestamp(now) },
  }),
  validate: validateVolume,
  warnings: persistentVolumeWarnings,
};

function text(name: string, description: string, cell: (volume: PersistentVolume) => string) {
  return textColumn(name, description, cell);
}

function setVolumeDefaults(volume: PersistentVolume): PersistentVolume {
  const spec = (volume.spec ?? {}) as PersistentVolumeSpec;
  const hasDefaults = spec.persistentVolumeReclaimPolicy !== undefined && spec.volumeMode !== undefined;
  const isTyped = spec.hostPath === undefined || spec.hostPath.type !== undefined;
  if (hasDefaults && isTyped && volume.status?.phase !== undefined) return volume;
  return {
    ...volume,
    spec: {
      persistentVolumeReclaimPolicy: "Retain",
      volumeMode: "Filesystem",
      ...spec,
      ...(spec.hostPath && { hostPath: { type: "", ...spec.hostPath } }),
    },
    status: { phase: "Pending", ...volume.status },
  };
}

function validateVolume(volume: PersistentVolume, old: PersistentVolume | undefined): readonly FieldError[] {
  const errors = validateMetadata(volume.metadata, old?.metadata);
  const { spec } = volume;
  if (spec === old?.spec) return errors;
  if (!spec.accessModes?.length) errors.push(requiredValue("spec.accessModes"));
  checkAccessModes(spec, errors);
  checkCapacity(spec.capacity, errors);
  const { persistentVolumeReclaimPolicy: policy = "" } = spec;
  if (!POLICIES.includes(policy)) {
    errors.push(notSupported("spec.persistentVolumeReclaimPolicy", policy, POLICIES));
  }
  checkSources(spec, errors);
  checkClassAndMode(spec, errors);
  if (old !== undefined) checkUpdate(spec, old.spec, errors);
  return errors;
}

function checkCapacity(capacity: PersistentVolumeSpec["capacity"], errors: FieldError[]): void {
  const resources = Object.keys(capacity ?? {});
  if (resources.length === 0) errors.push(requiredValue("spec.capacity"));
  if (resources.length > 1 || capacity?.storage === undefined) {
    errors.push(notSupported("spec.capacity", capacity ?? null, ["storage"]));
  }
  for (const resource of resources) checkStorage(`spec.capacity[${resource}]`, capacity?.[resource], errors);
}

function checkSources(spec: PersistentVolumeSpec, errors: FieldError[]): void {
  const [first, ...others] = sourcesOf(spec);
  if (first === undefined) errors.push(requiredValue("spec", "must specify a volume type"));
  for (const other of others) {
    errors.push(forbidden(`spec.${other}`, "may not specify more than 1 volume type"));
  }
  if (spec.hostPath !== undefined && !spec.hostPath.path) errors.push(requiredValue("spec.hostPath.path"));
  if (spec.local !== undefined) {
    if (!spec.local.path) errors.push(requiredValue("spec.local.path"));
    if (spec.nodeAffinity === undefined) {
      errors.push(requiredValue("spec.nodeAffinity", "Local volume requires node affinity"));
    }
  }
  if (spec.csi !== undefined) {
    if (!spec.csi.driver) errors.push(requiredValue("spec.csi.driver"));
    if (!spec.csi.volumeHandle) errors.push(requiredValue("spec.csi.volumeHandle"));
  }
}

function checkUpdate(spec: PersistentVolumeSpec, old: PersistentVolumeSpec, errors: FieldError[]): void {
  if (!deepEqual(sourceOf(spec), sourceOf(old))) {
    const detail = "spec.persistentvolumesource is immutable after creation";
    errors.push(forbidden("spec.persistentvolumesource", detail));
  }
  // Kubernetes leaves `spec` out of these two.
  if (spec.volumeMode !== old.volumeMode) {
    errors.push(invalidValue("volumeMode", spec.volumeMode, IMMUTABLE));
  }
  if (old.nodeAffinity !== undefined && !deepEqual(spec.nodeAffinity, old.nodeAffinity)) {
    const detail = `${IMMUTABLE}, except for updating from beta label to GA`;
    errors.push(invalidValue("nodeAffinity", spec.nodeAffinity ?? NULL, detail));
  }
}

function sourcesOf(spec: PersistentVolumeSpec): readonly string[] {
  return Object.keys(spec).filter((field) => !NO_SOURCES.has(field));
}

function sourceOf(spec: PersistentVolumeSpec): object {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !NO_SOURCES.has(field)));
}
