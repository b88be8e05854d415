import type { PersistentVolume } from "./kinds/persistent-volume.ts";
import { type PersistentVolumeClaim, requestedStorage } from "./kinds/persistent-volume-claim.ts";
import type { TopologyTerm } from "./kinds/storage-class.ts";
import { selects } from "./label-selector.ts";
import { matchesTerm } from "./node-selector.ts";
import { parseQuantity } from "./quantity.ts";

/** A node as volumes see it. */
interface Place {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Why a claim cannot have a volume, in Kubernetes' words; undefined when it can (checkVolumeSatisfyClaim). */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (storageOf(volume) < requestedStorage(claim)) return "requested PV is too small";
  if ((volume.spec.storageClassName ?? "") !== (claim.spec.storageClassName ?? "")) {
    return "storageClassName does not match";
  }
  if (modeOf(volume.spec.volumeMode) !== modeOf(claim.spec.volumeMode)) return "incompatible volumeMode";
  const offered = volume.spec.accessModes ?? [];
  const isOffered = (claim.spec.accessModes ?? []).every((mode) => offered.includes(mode));
  return isOffered ? undefined : "incompatible accessMode";
}

/** Whether the volume is kept for, or held by, exactly this claim. */
export function isFor(
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/**
 * The volume that a claim should have among free ones: one that is kept for it, else the smallest that is enough, and
 * of equal ones the first by name (FindMatchingVolume of k8s.io/component-helpers).
 * @param node where it must be reachable from; anywhere when absent
 * @param isTaken leaves out volumes that are promised to others
 */
export function bestVolume(
  volumes: Iterable<PersistentVolume>,
  claim: PersistentVolumeClaim,
  node?: Place,
  isTaken: (volume: PersistentVolume) => boolean = () => false,
): PersistentVolume | undefined {
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { claimRef } = volume.spec;
    if (volume.metadata.deletionTimestamp !== undefined || isTaken(volume)) continue;
    if (node !== undefined && !isReachable(volume, node)) continue;
    if (claimRef !== undefined) {
      if (isFor(volume, claim) && mismatch(volume, claim) === undefined) return volume;
      continue;
    }
    if (volume.status.phase !== "Available" || mismatch(volume, claim) !== undefined) continue;
    const { selector } = claim.spec;
    if (selector !== undefined && !selects(selector, volume.metadata.labels)) continue;
    if (best === undefined || isBetter(volume, best)) best = volume;
  }
  return best;
}

/** Whether a node can use the volume. */
export function isReachable({ spec }: PersistentVolume, node: Place): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesTerm(term, node));
}

/** Whether a class makes volumes for the node. */
export function isAllowedTopology(terms: readonly TopologyTerm[] | undefined, { labels }: Place): boolean {
  if (terms === undefined || terms.length === 0) return true;
  return terms.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? "")),
  );
}

function isBetter(volume: PersistentVolume, best: PersistentVolume): boolean {
  const less = storageOf(volume) - storageOf(best);
  return less < 0 || (less === 0 && volume.metadata.name < best.metadata.name);
}

function storageOf({ spec }: PersistentVolume): number {
  return parseQuantity(spec.capacity.storage ?? "0") ?? 0;
}

function modeOf(mode: string | undefined): string {
  return mode ?? "Filesystem";
}
