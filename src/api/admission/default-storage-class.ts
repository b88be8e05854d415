import { type PersistentVolumeClaim, persistentVolumeClaims } from "../kinds/persistent-volume-claim.ts";
import { defaultClassAmong, storageClasses } from "../kinds/storage-class.ts";
import type { Admission } from "./admission.ts";

/** Gives claims that name no class the cluster's own; "" is a name, too: that of no class. */
export const defaultStorageClass: Admission = {
  name: "DefaultStorageClass",
  kinds: [persistentVolumeClaims.schema],
  admit(object, { lookup }) {
    const claim = object as PersistentVolumeClaim;
    if (claim.spec.storageClassName !== undefined) return claim;
    const found = defaultClassAmong(lookup.list(storageClasses));
    if (found === undefined) return claim;
    const admitted: PersistentVolumeClaim = {
      ...claim,
      spec: { ...claim.spec, storageClassName: found.metadata.name },
    };
    return admitted;
  },
};
