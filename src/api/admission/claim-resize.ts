import { ApiError } from "../errors.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  requestedStorage,
} from "../kinds/persistent-volume-claim.ts";
import { storageClasses } from "../kinds/storage-class.ts";
import type { Admission } from "./admission.ts";

const REFUSED =
  "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";

/** Claims grow only where their class says so. */
export const claimResize: Admission = {
  name: "PersistentVolumeClaimResize",
  kinds: [persistentVolumeClaims.schema],
  admit: (object) => object,
  admitChange(object, before, { lookup }) {
    const [claim, old] = [object as PersistentVolumeClaim, before as PersistentVolumeClaim];
    if (claim.spec === old.spec || old.status.phase !== "Bound") return claim;
    if (requestedStorage(claim) <= requestedStorage(old)) return claim;
    const name = claim.spec.storageClassName;
    const found = name ? lookup.get(storageClasses, { name }) : undefined;
    if (found?.allowVolumeExpansion === true) return claim;
    const { name: claimName } = claim.metadata;
    const message = `persistentvolumeclaims "${claimName}" is forbidden: ${REFUSED}`;
    throw new ApiError("Forbidden", message, { name: claimName, kind: persistentVolumeClaims.plural });
  },
};
