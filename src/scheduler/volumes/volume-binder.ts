import { type PersistentVolume, persistentVolumes } from "../../api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import { keyOf } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { Objects } from "../../api/objects.ts";
import { VolumeAnnotation } from "../../api/well-known.ts";
import type { Clock } from "../../clock/clock.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { isBound, type Volumes } from "./volumes.ts";

/** So long a pod waits for its claims to get their volumes (bindTimeoutSeconds of VolumeBinding). */
const BIND_TIMEOUT_MS = 600_000;

/** Has the claims that wait for a pod bound, before the pod itself is (PreBind of VolumeBinding). */
export class VolumeBinder {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #volumes: Volumes;

  constructor(objects: Objects, clock: Clock, volumes: Volumes) {
    this.#objects = objects;
    this.#clock = clock;
    this.#volumes = volumes;
  }

  /** Promises volumes at once; resolves when every claim has one, rejects when that will not be. */
  async bind(shape: PodShape, node: NodeEntry): Promise<void> {
    const choice = this.#volumes.checkOf(shape)?.choose(node);
    if (choice === undefined) throw new Error("the volumes that were chosen are not free any more");
    const { found, made } = choice;
    for (const [claim, volume] of found) this.#volumes.promise(volume, claim);
    try {
      for (const [claim, volume] of found) await this.#give(volume, claim);
      for (const claim of made) await this.#select(claim, node.name);
      const claims = [...found.map(([claim]) => claim), ...made];
      for (const claim of claims) await this.#settled(claim, made.includes(claim) ? node.name : undefined);
    } finally {
      for (const [, volume] of found) this.#volumes.release(volume);
    }
  }

  /** Keeps a volume for a claim; the controller makes them whole. */
  async #give(volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> {
    const { namespace, name, uid, resourceVersion } = claim.metadata;
    const reference = { kind: claim.kind, namespace: namespace as string, name, uid, apiVersion: "v1" };
    const given = await modify(this.#objects, persistentVolumes, keyOf(volume), (one) => {
      const { claimRef } = one.spec;
      if (claimRef?.uid) return one;
      const annotations = { ...one.metadata.annotations, [VolumeAnnotation.boundByController]: "yes" };
      return {
        ...one,
        metadata: claimRef === undefined ? { ...one.metadata, annotations } : one.metadata,
        spec: { ...one.spec, claimRef: { ...reference, resourceVersion } },
      };
    });
    if (given.spec.claimRef?.uid !== uid)
      throw new Error(`volume "${volume.metadata.name}" has another claim`);
  }

  /** Says which node a volume is to be made for. */
  async #select(claim: PersistentVolumeClaim, nodeName: string): Promise<void> {
    await modify(this.#objects, persistentVolumeClaims, keyOf(claim), (one) => {
      if (one.metadata.annotations?.[VolumeAnnotation.selectedNode] === nodeName) return one;
      const annotations = { ...one.metadata.annotations, [VolumeAnnotation.selectedNode]: nodeName };
      return { ...one, metadata: { ...one.metadata, annotations } };
    });
  }

  /** @param nodeName the node that its volume is made for; whoever takes that back wants the pod elsewhere */
  #settled(claim: PersistentVolumeClaim, nodeName: string | undefined): Promise<void> {
    const key = keyOf(claim);
    let wasSelected = false;
    return new Promise((resolve, reject) => {
      const end = (why?: string) => {
        leave();
        timer.cancel();
        if (why === undefined) resolve();
        else reject(new Error(`binding volumes: ${why}`));
      };
      const look = () => {
        const now = this.#volumes.claim(key);
        if (now === undefined) return end(`persistentvolumeclaim "${key.name}" not found`);
        if (isBound(now)) return end();
        const selected = now.metadata.annotations?.[VolumeAnnotation.selectedNode];
        if (wasSelected && selected !== nodeName) {
          return end(`node of persistentvolumeclaim "${key.name}" has been reset`);
        }
        wasSelected = nodeName !== undefined && selected === nodeName;
      };
      const leave = this.#volumes.listen(key, look);
      const timer = this.#clock.after(BIND_TIMEOUT_MS, () => end("timed out waiting for the condition"));
      look();
    });
  }
}
