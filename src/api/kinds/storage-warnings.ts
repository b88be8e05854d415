import { claimSpecWarnings } from "./byte-warnings.ts";
import type { PersistentVolume } from "./persistent-volume.ts";
import type { PersistentVolumeClaim } from "./persistent-volume-claim.ts";
import { OLD_SOURCES } from "./pod-volume-warnings.ts";
import { renamedLabel, termWarnings } from "./renamed-node-labels.ts";
import type { StorageClass } from "./storage-class.ts";

const CLASS = "volume.beta.kubernetes.io/storage-class";
const OPTIONS = "volume.beta.kubernetes.io/mount-options";
const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
  [CLASS]: 'deprecated since v1.8; use "storageClassName" attribute instead',
  [OPTIONS]: 'deprecated since v1.31; use "mountOptions" attribute instead',
};
const RECYCLE =
  "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";

/** What is hardly meant of a claim (pkg/api/persistentvolumeclaim). */
export function claimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  return [...annotationWarnings(metadata.annotations, [CLASS]), ...claimSpecWarnings("spec", spec)];
}

/** What is old in a volume (pkg/api/persistentvolume). */
export function persistentVolumeWarnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const warnings = annotationWarnings(metadata.annotations, [CLASS, OPTIONS]);
  for (const [index, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries()) {
    warnings.push(...termWarnings(`spec.nodeAffinity.required.nodeSelectorTerms[${index}]`, term));
  }
  if (spec.persistentVolumeReclaimPolicy === "Recycle") {
    warnings.push(`spec.persistentVolumeReclaimPolicy: ${RECYCLE}`);
  }
  for (const [source, message] of Object.entries(OLD_SOURCES)) {
    if (Object.hasOwn(spec, source)) warnings.push(`spec.${source}: ${message}`);
  }
  return warnings;
}

/** Old labels of nodes that a class goes by. */
export function classWarnings({ allowedTopologies = [] }: StorageClass): readonly string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, index) =>
    matchLabelExpressions.flatMap(({ key }, at) => {
      const message = renamedLabel(key);
      const field = `allowedTopologies[${index}].matchLabelExpressions[${at}].key`;
      return message === undefined ? [] : [`${field}: ${message}`];
    }),
  );
}

function annotationWarnings(
  annotations: Readonly<Record<string, string>> = {},
  keys: readonly string[],
): string[] {
  return keys
    .filter((key) => Object.hasOwn(annotations, key))
    .map((key) => `metadata.annotations[${key}]: ${OLD_ANNOTATIONS[key]}`);
}
