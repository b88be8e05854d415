import { isReason } from "../../api/errors.ts";
import { type PersistentVolume, persistentVolumes } from "../../api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import { SIMULATED_PROVISIONER } from "../../api/kinds/storage-class.ts";
import { keyOf } from "../../api/meta.ts";
import { Finalizer, VolumeAnnotation } from "../../api/well-known.ts";
import type { ControllerContext } from "../controller.ts";
import type { BurstRecorder } from "../workloads/burst-recorder.ts";
import { annotated, read, type StorageWrites, withoutFinalizer } from "./storage-writes.ts";

/** What is to be with one volume: its phase, and what becomes of it when its claim is gone. */
export class VolumeSync {
  readonly #context: ControllerContext;
  readonly #writes: StorageWrites;
  readonly #recorder: BurstRecorder;

  constructor(context: ControllerContext, writes: StorageWrites, recorder: BurstRecorder) {
    this.#context = context;
    this.#writes = writes;
    this.#recorder = recorder;
  }

  async sync(name: string): Promise<void> {
    const volume = await read(this.#context.objects, persistentVolumes, { name });
    if (volume === undefined) return;
    const claim = await this.#claimOf(volume);
    const { deletionTimestamp } = volume.metadata;
    const isHeld = claim !== undefined && claim.spec.volumeName === name;
    if (deletionTimestamp !== undefined && !isHeld) {
      await this.#writes.volume(volume, (one) => withoutFinalizer(one, Finalizer.volumeProtection));
    } else if (isHeld) await this.#writes.setPhase(volume, "Bound");
    else if (!volume.spec.claimRef?.uid) await this.#writes.setPhase(volume, "Available");
    else if (claim === undefined) await this.#reclaim(volume);
    else if (claim.spec.volumeName) await this.#letGo(volume);
  }

  async #claimOf({ spec: { claimRef } }: PersistentVolume): Promise<PersistentVolumeClaim | undefined> {
    const { namespace, name, uid } = claimRef ?? {};
    if (!namespace || !name || !uid) return undefined;
    const claim = await read(this.#context.objects, persistentVolumeClaims, { namespace, name });
    return claim?.metadata.uid === uid ? claim : undefined;
  }

  /** Its claim is gone. */
  async #reclaim(volume: PersistentVolume): Promise<void> {
    await this.#writes.setPhase(volume, "Released");
    const policy = volume.spec.persistentVolumeReclaimPolicy;
    const by = volume.metadata.annotations?.[VolumeAnnotation.provisionedBy];
    // What others have made is theirs to delete.
    if (policy === "Delete" && (by === undefined || by === SIMULATED_PROVISIONER)) await this.#delete(volume);
    else if (policy === "Recycle") {
      await this.#writes.volume(volume, unclaimed);
      this.#recorder.record(volume, "Normal", "VolumeRecycled", "Volume recycled");
    }
  }

  /** Its claim has taken another volume. */
  async #letGo(volume: PersistentVolume): Promise<void> {
    const { annotations = {} } = volume.metadata;
    const isOurs = annotations[VolumeAnnotation.provisionedBy] === SIMULATED_PROVISIONER;
    if (isOurs && volume.spec.persistentVolumeReclaimPolicy === "Delete") await this.#delete(volume);
    else await this.#writes.volume(volume, unclaimed);
  }

  async #delete(volume: PersistentVolume): Promise<void> {
    try {
      const { uid } = volume.metadata;
      await this.#context.objects.delete(persistentVolumes, keyOf(volume), { preconditions: { uid } });
    } catch (error) {
      if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
    }
  }
}

/** As it was before a claim had it: free, or kept for the claim that its maker named. */
function unclaimed(volume: PersistentVolume): PersistentVolume {
  const { claimRef, ...spec } = volume.spec;
  const isChosen = volume.metadata.annotations?.[VolumeAnnotation.boundByController] !== undefined;
  const free = annotated({ ...volume, spec }, VolumeAnnotation.boundByController, undefined);
  if (isChosen || claimRef === undefined) return free;
  const { uid: _uid, resourceVersion: _version, ...kept } = claimRef;
  return { ...free, spec: { ...spec, claimRef: kept } };
}
