import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, IMMUTABLE, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { Draft, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { classWarnings } from "./storage-warnings.ts";

/** storage.k8s.io/v1 StorageClass: how volumes are made for claims that name it. */
export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly reclaimPolicy?: "Delete" | "Retain";
  readonly mountOptions?: readonly string[];
  readonly allowVolumeExpansion?: boolean;
  readonly volumeBindingMode?: "Immediate" | "WaitForFirstConsumer";
  readonly allowedTopologies?: readonly TopologyTerm[];
}

/** v1.TopologySelectorTerm: every key must have one of its values. */
export interface TopologyTerm {
  readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** Makes volumes out of nothing: the provisioner of the class `standard`. */
export const SIMULATED_PROVISIONER = "kubesim.dev/simulated";
/** The provisioner of classes whose volumes somebody makes by hand. */
export const NO_PROVISIONER = "kubernetes.io/no-provisioner";
/**
 * A parameter of classes that are provisioned by kubesim: a label of nodes. Volumes can be reached only from nodes
 * where it has the value that it has on the node of the first pod.
 */
export const TOPOLOGY_PARAMETER = "topologyKey";
const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

const POLICIES = ["Delete", "Retain"];
const MODES = ["Immediate", "WaitForFirstConsumer"];

export const storageClasses: Kind<StorageClass> = {
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  singular: "storageclass",
  shortNames: ["sc"],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.storage.v1.StorageClass",
  statusSubresource: false,
  columns: [
    { ...NAME, cell: (one) => nameCell(one as StorageClass) },
    textColumn("Provisioner", "Who makes its volumes.", ({ provisioner }: StorageClass) => provisioner),
    textColumn(
      "ReclaimPolicy",
      "What becomes of volumes.",
      ({ reclaimPolicy }: StorageClass) => reclaimPolicy ?? "Delete",
    ),
    textColumn(
      "VolumeBindingMode",
      "Whether volumes wait for a pod.",
      ({ volumeBindingMode }: StorageClass) => volumeBindingMode ?? "Immediate",
    ),
    {
      name: "AllowVolumeExpansion",
      type: "boolean",
      description: "Whether claims may ask for more later.",
      priority: 0,
      cell: ({ allowVolumeExpansion }: StorageClass) => allowVolumeExpansion === true,
    },
    AGE,
  ],
  selectableFields: {},
  setDefaults: (one) =>
    one.reclaimPolicy !== undefined && one.volumeBindingMode !== undefined
      ? one
      : { reclaimPolicy: "Delete", volumeBindingMode: "Immediate", ...one },
  validate: validateStorageClass,
  warnings: classWarnings,
};

/** The class that every cluster has from the start. */
export function standardStorageClass(): Draft<StorageClass> {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "standard", annotations: { [IS_DEFAULT]: "true" } },
    provisioner: SIMULATED_PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}

/** Of several default classes the youngest one, and of those the first by name. */
export function defaultClassAmong(classes: readonly StorageClass[]): StorageClass | undefined {
  return classes
    .filter(isDefaultClass)
    .sort(
      ({ metadata: a }, { metadata: b }) =>
        Date.parse(b.creationTimestamp) - Date.parse(a.creationTimestamp) || (a.name < b.name ? -1 : 1),
    )[0];
}

/** Whether claims that name no class get this one. */
function isDefaultClass({ metadata }: StorageClass): boolean {
  return metadata.annotations?.[IS_DEFAULT] === "true";
}

function nameCell(one: StorageClass): string {
  return isDefaultClass(one) ? `${one.metadata.name} (default)` : one.metadata.name;
}

function validateStorageClass(one: StorageClass, old: StorageClass | undefined): readonly FieldError[] {
  const errors = validateMetadata(one.metadata, old?.metadata);
  const { reclaimPolicy = "", volumeBindingMode = "" } = one;
  if (old === undefined) {
    if (!one.provisioner) errors.push(requiredValue("provisioner"));
    if (!POLICIES.includes(reclaimPolicy))
      errors.push(notSupported("reclaimPolicy", reclaimPolicy, POLICIES));
    if (!MODES.includes(volumeBindingMode)) {
      errors.push(notSupported("volumeBindingMode", volumeBindingMode, MODES));
    }
    return errors;
  }
  for (const field of ["parameters", "provisioner", "reclaimPolicy"] as const) {
    if (!deepEqual(one[field], old[field]))
      errors.push(forbidden(field, `updates to ${field} are forbidden.`));
  }
  if (volumeBindingMode !== old.volumeBindingMode) {
    errors.push(invalidValue("volumeBindingMode", volumeBindingMode, IMMUTABLE));
  }
  return errors;
}
