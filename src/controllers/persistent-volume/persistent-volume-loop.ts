import { isReason } from "../../api/errors.ts";
import { type PersistentVolume, persistentVolumes } from "../../api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import { type StorageClass, storageClasses } from "../../api/kinds/storage-class.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { ClaimSync } from "./claim-sync.ts";
import { ClaimUsers } from "./claim-users.ts";
import { StorageWrites } from "./storage-writes.ts";
import { VolumeSync } from "./volume-sync.ts";

/** The loop of the persistent-volume controller: sees what changes, and has claims and volumes looked at. */
export class PersistentVolumeLoop {
  readonly #context: ControllerContext;
  readonly #claimWork: KeyedWork;
  readonly #volumeWork: KeyedWork;
  readonly #users = new ClaimUsers();
  /** Claims without a volume, by key. */
  readonly #pending = new Map<string, PersistentVolumeClaim>();
  readonly #leave: (() => void)[] = [];
  #claims: ClaimSync | undefined;
  #volumes: VolumeSync | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#claimWork = new KeyedWork(context, (key) =>
      unlessGone(async () => {
        const [namespace, name] = key.split("/") as [string, string];
        await this.#claims?.sync({ namespace, name });
      }),
    );
    this.#volumeWork = new KeyedWork(context, (name) => unlessGone(async () => this.#volumes?.sync(name)));
  }

  async start(): Promise<void> {
    const context = this.#context;
    const { view } = context;
    const classes = await view.follow(storageClasses);
    const volumes = await view.follow(persistentVolumes);
    const claims = await view.follow(persistentVolumeClaims);
    const writes = new StorageWrites(context);
    const recorder = new BurstRecorder(context, "persistentvolume-controller");
    const again = (key: string) => this.#claimWork.request(key);
    this.#claims = new ClaimSync({ context, writes, recorder, users: this.#users, volumes, classes, again });
    this.#volumes = new VolumeSync(context, writes, recorder);
    this.#leave.push(
      view.pods.join({
        changed: (before, after) => {
          for (const key of this.#users.podChanged(before, after)) this.#userChanged(key, claims);
        },
      }),
      volumes.join({ changed: (before, after) => this.#volumeChanged(before, after) }),
      claims.join({ changed: (before, after) => this.#claimChanged(before, after) }),
      classes.join({ changed: (_, after) => this.#classChanged(after) }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#claimWork.stop();
    this.#volumeWork.stop();
  }

  /** Only a claim that is to be deleted waits for its pods. */
  #userChanged(
    key: string,
    claims: { get(key: { namespace: string; name: string }): PersistentVolumeClaim | undefined },
  ): void {
    const [namespace, name] = key.split("/") as [string, string];
    const claim = claims.get({ namespace, name });
    if (claim?.metadata.deletionTimestamp !== undefined) this.#claimWork.request(key);
  }

  #claimChanged(before: PersistentVolumeClaim | undefined, after: PersistentVolumeClaim | undefined): void {
    const claim = (after ?? before) as PersistentVolumeClaim;
    const key = keyText(keyOf(claim));
    if (after !== undefined && after.status.phase === "Pending") this.#pending.set(key, after);
    else this.#pending.delete(key);
    if (after !== undefined) this.#claimWork.request(key);
    if (claim.spec.volumeName) this.#volumeWork.request(claim.spec.volumeName);
  }

  #volumeChanged(before: PersistentVolume | undefined, after: PersistentVolume | undefined): void {
    const volume = (after ?? before) as PersistentVolume;
    const { claimRef, storageClassName } = volume.spec;
    if (after !== undefined) this.#volumeWork.request(volume.metadata.name);
    if (claimRef?.namespace && claimRef.name) {
      this.#claimWork.request(`${claimRef.namespace}/${claimRef.name}`);
    }
    const isNewlyFree = after?.status.phase === "Available" && before?.status.phase !== "Available";
    if (isNewlyFree) this.#requestPending(storageClassName);
  }

  #classChanged(after: StorageClass | undefined): void {
    if (after !== undefined) this.#requestPending(after.metadata.name);
  }

  /** Has those looked at again that wait for a volume of a class, or for any class. */
  #requestPending(storageClass: string | undefined): void {
    for (const [key, { spec }] of this.#pending) {
      const isConcerned = (spec.storageClassName ?? "") === (storageClass ?? "");
      if (isConcerned || spec.storageClassName === undefined) this.#claimWork.request(key);
    }
  }
}

/** What is gone needs nothing more. */
async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
