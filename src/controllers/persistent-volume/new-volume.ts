import type { Node } from "../../api/kinds/node.ts";
import { type PersistentVolume, persistentVolumes } from "../../api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import {
  SIMULATED_PROVISIONER,
  type StorageClass,
  TOPOLOGY_PARAMETER,
} from "../../api/kinds/storage-class.ts";
import type { Draft } from "../../api/meta.ts";
import { VolumeAnnotation } from "../../api/well-known.ts";

/** The reference by which a volume says whose it is. */
export function claimReference({ metadata }: PersistentVolumeClaim) {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    kind: persistentVolumeClaims.kind,
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    apiVersion: persistentVolumeClaims.version,
    resourceVersion,
  };
}

/**
 * The volume that is made for a claim.
 * @param node what it is made for, when the class waits for a pod
 */
export function newVolume(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  node: Node | undefined,
): Draft<PersistentVolume> {
  const name = `pvc-${claim.metadata.uid}`;
  const { spec } = claim;
  const nodeAffinity = affinityFor(storageClass, node);
  return {
    apiVersion: persistentVolumes.version,
    kind: persistentVolumes.kind,
    metadata: { name, annotations: { [VolumeAnnotation.provisionedBy]: storageClass.provisioner } },
    spec: {
      capacity: { storage: spec.resources?.requests?.storage ?? "0" },
      accessModes: spec.accessModes ?? [],
      csi: { driver: SIMULATED_PROVISIONER, volumeHandle: name },
      claimRef: claimReference(claim),
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata.name,
      volumeMode: spec.volumeMode ?? "Filesystem",
      ...(storageClass.mountOptions && { mountOptions: storageClass.mountOptions }),
      ...(nodeAffinity && { nodeAffinity }),
    },
    status: {},
  };
}

/** Where it can be reached from: where the class says by the label of a node, else where it allows, else anywhere. */
function affinityFor(
  { parameters, allowedTopologies = [] }: StorageClass,
  node: Node | undefined,
): PersistentVolume["spec"]["nodeAffinity"] {
  const key = parameters?.[TOPOLOGY_PARAMETER];
  const value = key === undefined ? undefined : node?.metadata.labels?.[key];
  if (key !== undefined && value !== undefined) {
    const here = { key, operator: "In", values: [value] } as const;
    return { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } };
  }
  const nodeSelectorTerms = allowedTopologies.map(({ matchLabelExpressions = [] }) => ({
    matchExpressions: matchLabelExpressions.map((one) => ({ ...one, operator: "In" as const })),
  }));
  return nodeSelectorTerms.length === 0 ? undefined : { required: { nodeSelectorTerms } };
}
