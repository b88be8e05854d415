import { Informer } from "../../api/informer.ts";
import { type PersistentVolume, persistentVolumes } from "../../api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import { type StorageClass, storageClasses } from "../../api/kinds/storage-class.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { VolumeAnnotation } from "../../api/well-known.ts";
import type { Clock } from "../../clock/clock.ts";
import type { ClusterState } from "../cache/cluster-state.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { VolumeCheck } from "./volume-check.ts";

/** The local copy of claims, volumes and classes, and which volumes are promised to claims but not given yet. */
export class Volumes {
  readonly #claims = new Map<string, PersistentVolumeClaim>();
  readonly #volumes = new Map<string, PersistentVolume>();
  readonly #classes = new Map<string, StorageClass>();
  /** Volumes that no claim has, by class and name. */
  readonly #free = new Map<string, Map<string, PersistentVolume>>();
  /** Names of volumes by the key of the claim that is about to get them. */
  readonly #promised = new Map<string, string>();
  /** How many pods that have a node use each claim, by its key. */
  readonly #users = new Map<string, number>();
  /** Who waits for a change of a claim, by its key. */
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #changed: () => void;

  /** @param changed called when anything here is another */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** What keeps the copy true. */
  informers(objects: Objects, clock: Clock) {
    return [
      new Informer<StorageClass>(objects, clock, storageClasses, {
        changed: (before, after) => this.#follow(this.#classes, before, after),
      }),
      new Informer<PersistentVolume>(objects, clock, persistentVolumes, {
        changed: (before, after) => {
          this.#volumeChanged(before, after);
          this.#follow(this.#volumes, before, after);
        },
      }),
      new Informer<PersistentVolumeClaim>(objects, clock, persistentVolumeClaims, {
        changed: (before, after) => {
          this.#follow(this.#claims, before, after);
          const key = keyText(keyOf((after ?? before) as PersistentVolumeClaim));
          for (const listener of [...(this.#listeners.get(key) ?? [])]) listener();
        },
      }),
    ] as const;
  }

  /** The filter for pods of a shape, good until something changes; undefined for those without claims. */
  checkOf({ claims }: PodShape): VolumeCheck | undefined {
    return claims === undefined ? undefined : new VolumeCheck(claims, this);
  }

  claim(key: ObjectKey): PersistentVolumeClaim | undefined {
    return this.#claims.get(keyText(key));
  }

  volume(name: string): PersistentVolume | undefined {
    return this.#volumes.get(name);
  }

  classOf({ spec }: PersistentVolumeClaim): StorageClass | undefined {
    return spec.storageClassName ? this.#classes.get(spec.storageClassName) : undefined;
  }

  /** Counts the users of claims from now on; one that goes may let another pod in. */
  countUsers(state: ClusterState): void {
    state.observe({
      came: ({ shape }) => this.#countUser(shape, 1),
      went: ({ shape }) => this.#countUser(shape, -1),
    });
  }

  /** How many pods that have a node use the claim of a key. */
  usersOf(key: string): number {
    return this.#users.get(key) ?? 0;
  }

  /** The volumes of a class that no claim has. */
  freeOf(storageClass: string): Iterable<PersistentVolume> {
    return this.#free.get(storageClass)?.values() ?? [];
  }

  /** True when the volume is about to be given to another claim. */
  isPromised({ metadata }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
    const key = this.#promised.get(metadata.name);
    return key !== undefined && key !== keyText(keyOf(claim));
  }

  promise({ metadata }: PersistentVolume, claim: PersistentVolumeClaim): void {
    this.#promised.set(metadata.name, keyText(keyOf(claim)));
  }

  /** The volume is given, or will not be. */
  release({ metadata }: PersistentVolume): void {
    this.#promised.delete(metadata.name);
  }

  /** Calls `listener` at every change of a claim. @returns how to end that */
  listen(key: ObjectKey, listener: () => void): () => void {
    const text = keyText(key);
    const listeners = this.#listeners.get(text) ?? new Set();
    this.#listeners.set(text, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(text) === listeners) this.#listeners.delete(text);
    };
  }

  #countUser({ claims }: PodShape, sign: 1 | -1): void {
    if (claims === undefined) return;
    for (const claim of claims) {
      const key = keyText(claim);
      const users = (this.#users.get(key) ?? 0) + sign;
      if (users === 0) this.#users.delete(key);
      else this.#users.set(key, users);
    }
    if (sign < 0) this.#changed();
  }

  #follow<T extends KubeObject>(known: Map<string, T>, before: T | undefined, after: T | undefined): void {
    if (after !== undefined) known.set(keyText(keyOf(after)), after);
    else if (before !== undefined) known.delete(keyText(keyOf(before)));
    this.#changed();
  }

  #volumeChanged(before: PersistentVolume | undefined, after: PersistentVolume | undefined): void {
    if (before !== undefined)
      this.#free.get(before.spec.storageClassName ?? "")?.delete(before.metadata.name);
    if (after === undefined || after.spec.claimRef?.uid) return;
    const storageClass = after.spec.storageClassName ?? "";
    const free = this.#free.get(storageClass) ?? new Map();
    this.#free.set(storageClass, free.set(after.metadata.name, after));
  }
}

/** Whether a claim has its volume, in both objects. */
export function isBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return !!spec.volumeName && metadata.annotations?.[VolumeAnnotation.bindCompleted] !== undefined;
}
