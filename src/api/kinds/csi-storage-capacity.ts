import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, NOT_NEGATIVE } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import { checkLabelSelector, type LabelSelector } from "../label-selector.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { dnsSubdomainFault } from "../names.ts";
import { canonicalQuantity, parseQuantity } from "../quantity.ts";
import { NAME, textColumn } from "./columns.ts";

/** storage.k8s.io/v1 CSIStorageCapacity: how much a driver has left for a class and some nodes; nobody asks it. */
export interface CsiStorageCapacity extends KubeObject {
  readonly storageClassName: string;
  readonly nodeTopology?: LabelSelector;
  readonly capacity?: string;
  readonly maximumVolumeSize?: string;
}

export const csiStorageCapacities: Kind<CsiStorageCapacity> = {
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSIStorageCapacity",
  plural: "csistoragecapacities",
  singular: "csistoragecapacity",
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.storage.v1.CSIStorageCapacity",
  statusSubresource: false,
  putNamesVersion: true,
  columns: [
    NAME,
    textColumn(
      "StorageClassName",
      "The class it is about.",
      ({ storageClassName }: CsiStorageCapacity) => storageClassName,
    ),
    textColumn("Capacity", "What is left.", ({ capacity }: CsiStorageCapacity) => capacity ?? ""),
  ],
  selectableFields: {},
  setDefaults: (one) => (one.storageClassName === undefined ? { ...one, storageClassName: "" } : one),
  validate: validateCapacity,
};

/** ValidateCSIStorageCapacity and ValidateCSIStorageCapacityUpdate (pkg/apis/storage/validation). */
function validateCapacity(
  one: CsiStorageCapacity,
  old: CsiStorageCapacity | undefined,
): readonly FieldError[] {
  const { metadata, storageClassName, nodeTopology, capacity } = one;
  const errors = validateMetadata(metadata, old?.metadata);
  if (old !== undefined) {
    if (!deepEqual(nodeTopology, old.nodeTopology)) {
      errors.push(invalidValue("nodeTopology", nodeTopology ?? null, IMMUTABLE));
    }
    if (storageClassName !== old.storageClassName) {
      errors.push(invalidValue("storageClassName", storageClassName, IMMUTABLE));
    }
    return errors;
  }
  if (nodeTopology !== undefined) checkLabelSelector("nodeTopology", nodeTopology, errors);
  const fault = dnsSubdomainFault(storageClassName);
  if (fault !== undefined) errors.push(invalidValue("storageClassName", storageClassName, fault));
  if (capacity !== undefined && (parseQuantity(capacity) ?? 0) < 0) {
    errors.push(invalidValue("capacity", canonicalQuantity(capacity), NOT_NEGATIVE));
  }
  return errors;
}
