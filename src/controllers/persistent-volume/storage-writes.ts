import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import {
  type PersistentVolume,
  persistentVolumes,
  type VolumePhase,
} from "../../api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  type PersistentVolumeClaimStatus,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import { type KubeObject, keyOf, type ObjectKey, timestamp } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { Objects } from "../../api/objects.ts";
import { isFor } from "../../api/volume-matching.ts";
import { VolumeAnnotation } from "../../api/well-known.ts";
import type { ControllerContext } from "../controller.ts";
import { claimReference } from "./new-volume.ts";

const YES = "yes";

/** Reads an object; undefined when there is none. */
export async function read<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  key: ObjectKey,
): Promise<T | undefined> {
  try {
    return await objects.get(kind, key);
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}

/** Writes claims and volumes; each write holds whatever was written before it. */
export class StorageWrites {
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** Gives a claim a volume, in both objects. @returns false when another claim has the volume */
  async bind(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<boolean> {
    const { uid } = claim.metadata;
    const held = await this.volume(volume, (one) => {
      const { claimRef } = one.spec;
      if (claimRef?.uid || (claimRef !== undefined && !isFor(one, claim))) return one;
      const bound = { ...one, spec: { ...one.spec, claimRef: claimReference(claim) } };
      return claimRef === undefined ? annotated(bound, VolumeAnnotation.boundByController, YES) : bound;
    });
    if (held.spec.claimRef?.uid !== uid) return false;
    await this.setPhase(held, "Bound");
    const named = await this.claim(claim, (one) => {
      const completed = annotated(one, VolumeAnnotation.bindCompleted, YES);
      if (completed.spec.volumeName) return completed;
      const chosen = annotated(completed, VolumeAnnotation.boundByController, YES);
      return { ...chosen, spec: { ...chosen.spec, volumeName: held.metadata.name } };
    });
    await this.setClaimStatus(named, {
      phase: "Bound",
      accessModes: held.spec.accessModes ?? [],
      capacity: named.status.capacity ?? held.spec.capacity,
    });
    return true;
  }

  async setPhase(volume: PersistentVolume, phase: VolumePhase): Promise<void> {
    if (volume.status.phase === phase) return;
    const lastPhaseTransitionTime = timestamp(this.#context.clock.now());
    await modify<PersistentVolume>(
      this.#context.objects,
      persistentVolumes,
      keyOf(volume),
      (one) => (one.status.phase === phase ? one : { ...one, status: { phase, lastPhaseTransitionTime } }),
      { subresource: "status" },
    );
  }

  async setClaimStatus(claim: PersistentVolumeClaim, part: PersistentVolumeClaimStatus): Promise<void> {
    await modify<PersistentVolumeClaim>(
      this.#context.objects,
      persistentVolumeClaims,
      keyOf(claim),
      (one) => {
        const status = { ...one.status, ...part };
        return deepEqual(status, one.status) ? one : { ...one, status };
      },
      { subresource: "status" },
    );
  }

  claim(
    claim: PersistentVolumeClaim,
    change: (claim: PersistentVolumeClaim) => PersistentVolumeClaim,
  ): Promise<PersistentVolumeClaim> {
    return modify(this.#context.objects, persistentVolumeClaims, keyOf(claim), change);
  }

  volume(
    volume: PersistentVolume,
    change: (volume: PersistentVolume) => PersistentVolume,
  ): Promise<PersistentVolume> {
    return modify(this.#context.objects, persistentVolumes, keyOf(volume), change);
  }
}

/** The object with an annotation; without it when the value is undefined. */
export function annotated<T extends KubeObject>(object: T, name: string, value: string | undefined): T {
  const { [name]: before, ...others } = object.metadata.annotations ?? {};
  if (before === value) return object;
  const annotations = value === undefined ? others : { ...others, [name]: value };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The object without a finalizer; the very same when it has none of the kind. */
export function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const { finalizers = [] } = object.metadata;
  if (!finalizers.includes(finalizer)) return object;
  const others = finalizers.filter((one) => one !== finalizer);
  return { ...object, metadata: { ...object.metadata, finalizers: others } };
}
