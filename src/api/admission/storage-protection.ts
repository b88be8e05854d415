import { persistentVolumes } from "../kinds/persistent-volume.ts";
import { persistentVolumeClaims } from "../kinds/persistent-volume-claim.ts";
import type { KubeObject } from "../meta.ts";
import { Finalizer } from "../well-known.ts";
import type { Admission } from "./admission.ts";

/** Claims that pods use, and volumes that claims have, are not lost by mistake. */
export const storageProtection: Admission = {
  name: "StorageObjectInUseProtection",
  kinds: [persistentVolumes.schema, persistentVolumeClaims.schema],
  admit(object): KubeObject {
    const isVolume = object.kind === persistentVolumes.kind;
    const finalizer = isVolume ? Finalizer.volumeProtection : Finalizer.claimProtection;
    const { finalizers = [] } = object.metadata;
    if (finalizers.includes(finalizer)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};
