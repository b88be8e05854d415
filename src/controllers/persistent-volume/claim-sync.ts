import { isReason } from "../../api/errors.ts";
import { nodes } from "../../api/kinds/node.ts";
import { type PersistentVolume, persistentVolumes } from "../../api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  requestedStorage,
} from "../../api/kinds/persistent-volume-claim.ts";
import {
  defaultClassAmong,
  NO_PROVISIONER,
  SIMULATED_PROVISIONER,
  type StorageClass,
} from "../../api/kinds/storage-class.ts";
import { keyOf, keyText, type ObjectKey } from "../../api/meta.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { bestVolume, isFor, mismatch } from "../../api/volume-matching.ts";
import { Finalizer, VolumeAnnotation } from "../../api/well-known.ts";
import type { ControllerContext } from "../controller.ts";
import type { SharedInformer } from "../shared-informer.ts";
import type { BurstRecorder } from "../workloads/burst-recorder.ts";
import type { ClaimUsers } from "./claim-users.ts";
import { newVolume } from "./new-volume.ts";
import { annotated, read, type StorageWrites, withoutFinalizer } from "./storage-writes.ts";

interface Parts {
  readonly context: ControllerContext;
  readonly writes: StorageWrites;
  readonly recorder: BurstRecorder;
  readonly users: ClaimUsers;
  readonly volumes: SharedInformer<PersistentVolume>;
  readonly classes: SharedInformer<StorageClass>;
  /** Has the claim looked at again. */
  readonly again: (key: string) => void;
}

/** What is to be with one claim: a volume, by the rules of Kubernetes' persistentvolume-binder. */
export class ClaimSync {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async sync(key: ObjectKey): Promise<void> {
    const { context, users, writes } = this.#parts;
    const claim = await read(context.objects, persistentVolumeClaims, key);
    if (claim === undefined) return;
    if (claim.metadata.deletionTimestamp !== undefined) {
      if (!users.isUsed(keyText(key))) {
        await writes.claim(claim, (one) => withoutFinalizer(one, Finalizer.claimProtection));
      }
    } else if (claim.metadata.annotations?.[VolumeAnnotation.bindCompleted] !== undefined) {
      await this.#keep(claim);
    } else if (claim.spec.volumeName) await this.#take(claim, claim.spec.volumeName);
    else await this.#find(claim);
  }

  /** A claim that has had its volume: it still has it, or has lost it. */
  async #keep(claim: PersistentVolumeClaim): Promise<void> {
    const { context, writes } = this.#parts;
    const volume = await read(context.objects, persistentVolumes, { name: claim.spec.volumeName ?? "" });
    if (volume === undefined) {
      const why = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
      await this.#lose(claim, "ClaimLost", why);
    } else if (volume.spec.claimRef !== undefined && !isFor(volume, claim)) {
      const why = "Two claims are bound to the same volume, this one is bound incorrectly";
      await this.#lose(claim, "ClaimMisbound", why);
    } else if (await writes.bind(claim, volume)) await this.#grow(claim, volume);
  }

  async #lose(claim: PersistentVolumeClaim, reason: string, message: string): Promise<void> {
    if (claim.status.phase === "Lost") return;
    this.#parts.recorder.record(claim, "Warning", reason, message);
    await this.#parts.writes.setClaimStatus(claim, { phase: "Lost", accessModes: [], capacity: {} });
  }

  /** A bound claim that asks for more gets it: whether it may was asked when it did. */
  async #grow(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> {
    const { writes, recorder } = this.#parts;
    const storage = claim.spec.resources?.requests?.storage ?? "0";
    const had = parseQuantity((claim.status.capacity ?? volume.spec.capacity).storage ?? "0") ?? 0;
    const wanted = requestedStorage(claim);
    if (wanted <= had) return;
    recorder.record(
      claim,
      "Normal",
      "Resizing",
      `External resizer is resizing volume ${volume.metadata.name}`,
    );
    await writes.volume(volume, (one) =>
      (parseQuantity(one.spec.capacity.storage ?? "0") ?? 0) >= wanted
        ? one
        : { ...one, spec: { ...one.spec, capacity: { storage } } },
    );
    await writes.setClaimStatus(claim, { capacity: { storage } });
    recorder.record(claim, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded");
  }

  /** The claim names its volume itself. */
  async #take(claim: PersistentVolumeClaim, name: string): Promise<void> {
    const { context, recorder, writes } = this.#parts;
    const volume = await read(context.objects, persistentVolumes, { name });
    if (volume === undefined) return;
    const { claimRef } = volume.spec;
    if (claimRef !== undefined && !isFor(volume, claim)) {
      const why = `volume "${name}" already bound to a different claim.`;
      recorder.record(claim, "Warning", "FailedBinding", why);
      return;
    }
    const why = claimRef === undefined ? mismatch(volume, claim) : undefined;
    if (why === undefined) await writes.bind(claim, volume);
    else {
      recorder.record(
        claim,
        "Warning",
        "VolumeMismatch",
        `Cannot bind to requested volume "${name}": ${why}`,
      );
    }
  }

  async #find(claim: PersistentVolumeClaim): Promise<void> {
    const { classes, volumes, writes, again, recorder } = this.#parts;
    const name = claim.spec.storageClassName;
    if (name === undefined && (await this.#takeDefault(claim))) return;
    const storageClass = name ? classes.get({ name }) : undefined;
    const kept = [...volumes.values()].find((one) => one.spec.claimRef !== undefined && isFor(one, claim));
    const isDelayed =
      storageClass?.volumeBindingMode === "WaitForFirstConsumer" &&
      claim.metadata.annotations?.[VolumeAnnotation.selectedNode] === undefined;
    const volume = kept ?? (isDelayed ? undefined : bestVolume(volumes.values(), claim));
    if (volume !== undefined && (kept === undefined || mismatch(volume, claim) === undefined)) {
      if (!(await writes.bind(claim, volume))) again(keyText(keyOf(claim)));
    } else if (isDelayed) this.#recordWaiting(claim);
    else if (name) await this.#provision(claim, name, storageClass);
    else {
      const why = "no persistent volumes available for this claim and no storage class is set";
      recorder.record(claim, "Normal", "FailedBinding", why);
    }
  }

  /** A claim from before there was a default class gets it now. @returns true when there is one */
  async #takeDefault(claim: PersistentVolumeClaim): Promise<boolean> {
    const found = defaultClassAmong([...this.#parts.classes.values()]);
    if (found === undefined) return false;
    const storageClassName = found.metadata.name;
    await this.#parts.writes.claim(claim, (one) =>
      one.spec.storageClassName === undefined ? { ...one, spec: { ...one.spec, storageClassName } } : one,
    );
    return true;
  }

  #recordWaiting(claim: PersistentVolumeClaim): void {
    const pod = this.#parts.users.waiting(keyText(keyOf(claim)));
    const [reason, message] =
      pod === undefined
        ? ["WaitForFirstConsumer", "waiting for first consumer to be created before binding"]
        : ["WaitForPodScheduled", `waiting for pod ${pod.metadata.name} to be scheduled`];
    this.#parts.recorder.record(claim, "Normal", reason as string, message as string);
  }

  async #provision(
    claim: PersistentVolumeClaim,
    name: string,
    storageClass: StorageClass | undefined,
  ): Promise<void> {
    const { recorder, writes } = this.#parts;
    const failed = (why: string) => recorder.record(claim, "Warning", "ProvisioningFailed", why);
    if (storageClass === undefined) return failed(`storageclass.storage.k8s.io "${name}" not found`);
    const { provisioner } = storageClass;
    if (provisioner === NO_PROVISIONER) return failed(`no volume plugin matched name: ${NO_PROVISIONER}`);
    const told = await writes.claim(claim, (one) =>
      annotated(one, VolumeAnnotation.provisioner, provisioner),
    );
    if (provisioner === SIMULATED_PROVISIONER) await this.#make(told, storageClass);
    else {
      const message =
        `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the ` +
        "system administrator. If volume creation is delayed, please verify that the provisioner is running and " +
        "correctly registered.";
      recorder.record(claim, "Normal", "ExternalProvisioning", message);
    }
  }

  async #make(claim: PersistentVolumeClaim, storageClass: StorageClass): Promise<void> {
    const { context, recorder, writes } = this.#parts;
    const nodeName = claim.metadata.annotations?.[VolumeAnnotation.selectedNode];
    const node = nodeName === undefined ? undefined : await read(context.objects, nodes, { name: nodeName });
    if (nodeName !== undefined && node === undefined) {
      // The pod is to be given another node.
      await writes.claim(claim, (one) => annotated(one, VolumeAnnotation.selectedNode, undefined));
      return;
    }
    const what = `External provisioner is provisioning volume for claim "${keyText(keyOf(claim))}"`;
    recorder.record(claim, "Normal", "Provisioning", what);
    const draft = newVolume(claim, storageClass, node);
    const name = draft.metadata.name as string;
    try {
      await context.objects.create<PersistentVolume>(persistentVolumes, draft);
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
    }
    recorder.record(claim, "Normal", "ProvisioningSucceeded", `Successfully provisioned volume ${name}`);
    const volume = await read(context.objects, persistentVolumes, { name });
    if (volume !== undefined) await writes.bind(claim, volume);
  }
}
