import type { PersistentVolume } from "../../api/kinds/persistent-volume.ts";
import { type PersistentVolumeClaim, requestedStorage } from "../../api/kinds/persistent-volume-claim.ts";
import { NO_PROVISIONER } from "../../api/kinds/storage-class.ts";
import { keyText } from "../../api/meta.ts";
import { controllerOf } from "../../api/owner-references.ts";
import { bestVolume, isAllowedTopology, isReachable } from "../../api/volume-matching.ts";
import { VolumeAnnotation } from "../../api/well-known.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { ClaimUse } from "../cache/pod-shape.ts";
import type { Tenant } from "../cache/tenant.ts";
import { type Refusal, unresolvable } from "../filters/filter.ts";
import { isBound, type Volumes } from "./volumes.ts";

const IMMEDIATE = "pod has unbound immediate PersistentVolumeClaims";
const IN_USE: Refusal = {
  reasons: ["node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"],
  unresolvable: false,
};
const CONFLICT = unresolvable("node(s) had volume node affinity conflict");
const NOTHING_TO_BIND = unresolvable("node(s) didn't find available persistent volumes to bind");
const LOST = unresolvable("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");

/** What is to be done for a pod's claims when it goes to a node. */
export interface VolumeChoice {
  /** Claims and the volumes that are there for them. */
  readonly found: readonly (readonly [PersistentVolumeClaim, PersistentVolume])[];
  /** Claims whose volumes are to be made. */
  readonly made: readonly PersistentVolumeClaim[];
}

/** The filters VolumeRestrictions and VolumeBinding for one pod (kube-scheduler, plugins/volumebinding). */
export class VolumeCheck {
  /** Why no node will do, whatever it is like. */
  readonly upfront: string | undefined;
  readonly #volumes: Volumes;
  readonly #bound: PersistentVolumeClaim[] = [];
  /** Keys of the claims that one pod alone may use. */
  readonly #exclusive: string[] = [];
  /** Those that wait for the pod's node, the smallest first: so most of them fit. */
  readonly #waiting: PersistentVolumeClaim[] = [];

  constructor(claims: readonly ClaimUse[], volumes: Volumes) {
    this.#volumes = volumes;
    for (const use of claims) {
      this.upfront = this.#sort(use);
      if (this.upfront !== undefined) return;
    }
    this.#waiting.sort((a, b) => requestedStorage(a) - requestedStorage(b));
  }

  /** @param gone pods that are thought away: what they use counts as free */
  refusal(node: NodeEntry, gone: ReadonlySet<Tenant>): Refusal | undefined {
    if (this.upfront !== undefined) return unresolvable(this.upfront);
    if (this.#exclusive.some((key) => this.#volumes.usersOf(key) > usersAmong(gone, key))) return IN_USE;
    for (const { spec } of this.#bound) {
      const volume = this.#volumes.volume(spec.volumeName as string);
      if (volume === undefined) return LOST;
      if (!isReachable(volume, node)) return CONFLICT;
    }
    return this.#waiting.length > 0 && this.choose(node) === undefined ? NOTHING_TO_BIND : undefined;
  }

  /** Volumes for the claims that wait for the pod; undefined when there are none on this node. */
  choose(node: NodeEntry): VolumeChoice | undefined {
    const found: (readonly [PersistentVolumeClaim, PersistentVolume])[] = [];
    const made: PersistentVolumeClaim[] = [];
    const taken = new Set<PersistentVolume>();
    for (const claim of this.#waiting) {
      const selected = claim.metadata.annotations?.[VolumeAnnotation.selectedNode];
      if (selected !== undefined && selected !== node.name) return undefined;
      const free = this.#volumes.freeOf(claim.spec.storageClassName ?? "");
      const isTaken = (volume: PersistentVolume) =>
        taken.has(volume) || this.#volumes.isPromised(volume, claim);
      const volume = bestVolume(free, claim, node, isTaken);
      if (volume !== undefined) {
        taken.add(volume);
        found.push([claim, volume]);
      } else if (this.#canBeMade(claim, node)) made.push(claim);
      else return undefined;
    }
    return { found, made };
  }

  #canBeMade(claim: PersistentVolumeClaim, node: NodeEntry): boolean {
    const storageClass = this.#volumes.classOf(claim);
    if (storageClass === undefined || storageClass.provisioner === NO_PROVISIONER) return false;
    return isAllowedTopology(storageClass.allowedTopologies, node);
  }

  /** @returns why the claim rules out every node */
  #sort({ namespace, name, owner }: ClaimUse): string | undefined {
    const claim = this.#volumes.claim({ namespace, name });
    const what = `persistentvolumeclaim "${name}"`;
    if (claim === undefined) {
      return owner === undefined
        ? `${what} not found`
        : `waiting for ephemeral volume controller to create the ${what}`;
    }
    if (owner !== undefined && controllerOf(claim)?.uid !== owner) {
      return `PVC ${namespace}/${name} was not created for pod (pod is not owner)`;
    }
    if (claim.metadata.deletionTimestamp !== undefined) return `${what} is being deleted`;
    if (claim.status.phase === "Lost") {
      return `${what} bound to non-existent persistentvolume "${claim.spec.volumeName ?? ""}"`;
    }
    if (claim.spec.accessModes?.includes("ReadWriteOncePod") === true) {
      this.#exclusive.push(keyText({ namespace, name }));
    }
    if (isBound(claim)) this.#bound.push(claim);
    else if (this.#volumes.classOf(claim)?.volumeBindingMode !== "WaitForFirstConsumer") return IMMEDIATE;
    else if (claim.spec.volumeName) return IMMEDIATE;
    else this.#waiting.push(claim);
    return undefined;
  }
}

function usersAmong(pods: ReadonlySet<Tenant>, key: string): number {
  let users = 0;
  for (const { shape } of pods) if (shape.claims?.some((claim) => keyText(claim) === key)) users++;
  return users;
}
